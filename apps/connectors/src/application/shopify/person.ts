import type { Address, Contact, Personal } from '@instep/contracts';
import { contactOf } from '@instep/contracts';

import type { Node } from './read.ts';
import { child, ownId, text } from './read.ts';

/** Everything here names or reaches a person: it goes into `personal` and nowhere else. */
export function mapAddress(node: Node | undefined): Address | null {
  if (!node) return null;
  const address = {
    name: nameOf(node),
    company: text(node, 'company'),
    street: text(node, 'address1'),
    street2: text(node, 'address2'),
    city: text(node, 'city'),
    zip: text(node, 'zip'),
    province: text(node, 'province_code') ?? text(node, 'province'),
    country: text(node, 'country_code') ?? text(node, 'country'),
    phone: text(node, 'phone'),
  };
  return Object.values(address).every((value) => value === null) ? null : address;
}

export function nameOf(node: Node): string | null {
  const parts = [text(node, 'first_name'), text(node, 'last_name')].filter((part) => part !== null);
  return parts.length > 0 ? parts.join(' ') : text(node, 'name');
}

interface Person {
  readonly contact: Contact | null;
  readonly personal: Personal | null;
}

/**
 * The buyer of an order: the customer record if there is one, so that its reports and its orders lead to the same person; else what the
 * order itself says.
 */
export function buyerOf(order: Node, tenant: string): Person {
  const customer = child(order, 'customer');
  const email = (customer && text(customer, 'email')) ?? text(order, 'email') ?? text(order, 'contact_email');
  const phone = (customer && text(customer, 'phone')) ?? text(order, 'phone');
  const billing = mapAddress(child(order, 'billing_address'));
  const shipping = mapAddress(child(order, 'shipping_address'));
  const note = text(order, 'note');
  const name = (customer && nameOf(customer)) ?? billing?.name ?? shipping?.name ?? null;
  const personal = { name, email, phone, billing, shipping, note };
  return {
    contact: contactOf(tenant, { email, phone, channelCustomerId: customer ? ownId(customer) : null }),
    personal: Object.values(personal).every((value) => value === null) ? null : personal,
  };
}
