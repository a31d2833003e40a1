import { describe, expect, it } from '@jest/globals';

import { contactOf, normaliseEmail, normalisePhone } from './contact.ts';

describe('how a person is found again', () => {
  it('spells one address one way', () => {
    expect([' Bea@Example.COM ', 'bea@example.com'].map(normaliseEmail)).toEqual(['bea@example.com', 'bea@example.com']);
    expect(['none', '', null, undefined, 'a b@c'].map(normaliseEmail)).toEqual([undefined, undefined, undefined, undefined, undefined]);
  });

  it('spells one number one way', () => {
    expect(['+1 (502) 459-2181', '0015024592181', '+15024592181'].map(normalisePhone)).toEqual([
      '+15024592181',
      '+15024592181',
      '+15024592181',
    ]);
    expect(['12345', null].map(normalisePhone)).toEqual([undefined, undefined]);
  });

  it('gives the same pseudonym for the same address, another in another company, and never the address', () => {
    const one = contactOf('demo', { email: 'Bea@example.com', phone: '+1 502 459 2181', channelCustomerId: '7' });
    expect(contactOf('demo', { email: 'bea@example.com ' })?.email).toBe(one?.email);
    expect(contactOf('other', { email: 'bea@example.com' })?.email).not.toBe(one?.email);
    expect(JSON.stringify(one)).not.toContain('bea');
  });

  it('is nobody without e-mail, phone or an id at the channel', () => {
    expect(contactOf('demo', { email: '', phone: null })).toBeNull();
    expect(contactOf('demo', { channelCustomerId: '7' })).toMatchObject({ email: null, phone: null, channelCustomerId: '7' });
  });
});
