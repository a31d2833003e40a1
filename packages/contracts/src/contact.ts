import { createHash } from 'node:crypto';

import type { Contact } from './fragments.ts';

/** One spelling per e-mail address: trimmed, lower case. Undefined when it is none. */
export function normaliseEmail(email: string | null | undefined): string | undefined {
  const trimmed = email?.trim().toLowerCase();
  return trimmed && /^[^\s@]+@[^\s@]+$/.test(trimmed) ? trimmed : undefined;
}

/** One spelling per phone number: digits, with a leading plus if it had one (or 00). Undefined below six digits. */
export function normalisePhone(phone: string | null | undefined): string | undefined {
  if (!phone) return undefined;
  const digits = phone.replace(/\D/g, '');
  if (digits.length < 6) return undefined;
  if (phone.trim().startsWith('+')) return `+${digits}`;
  return digits.startsWith('00') ? `+${digits.slice(2)}` : digits;
}

/** The pseudonym of a normalised e-mail or phone within a tenant: the same for the same input, not to be turned back without it. */
export function pseudonym(tenant: string, kind: 'email' | 'phone' | 'customer', normalised: string): string {
  return createHash('sha256').update(`${tenant}\0${kind}\0${normalised}`).digest('base64url').slice(0, 27);
}

/** How a person is found again. Null when there is neither e-mail, phone nor an id at the channel. */
export function contactOf(
  tenant: string,
  person: { email?: string | null; phone?: string | null; channelCustomerId?: string | null },
): Contact | null {
  const email = normaliseEmail(person.email);
  const phone = normalisePhone(person.phone);
  const channelCustomerId = person.channelCustomerId ?? null;
  const emailHash = email === undefined ? null : pseudonym(tenant, 'email', email);
  const phoneHash = phone === undefined ? null : pseudonym(tenant, 'phone', phone);
  const subject = emailHash ?? phoneHash ?? (channelCustomerId === null ? null : pseudonym(tenant, 'customer', channelCustomerId));
  return subject === null ? null : { subject: `sub_${subject}`, email: emailHash, phone: phoneHash, channelCustomerId };
}
