import { describe, expect, it } from '@jest/globals';
import { portsFrom } from './ports.ts';

describe('the ports of a system', () => {
  it('are one block', () => {
    expect(portsFrom(7000, {})).toEqual({
      services: { connectors: 7000, 'order-intake': 7001, inventory: 7002, crm: 7003, hr: 7004, finance: 7005 },
      kafka: 7050,
      kafkaController: 7051,
      postgres: 7052,
    });
  });

  it('move one by one with the environment', () => {
    const ports = portsFrom(8000, { INSTEP_ORDER_INTAKE_PORT: '9001', INSTEP_POSTGRES_PORT: '5433' });
    expect([ports.services['order-intake'], ports.postgres, ports.services.crm]).toEqual([9001, 5433, 8003]);
  });

  it('refuse what is no port', () => {
    expect(() => portsFrom(7000, { INSTEP_CRM_PORT: '70000' })).toThrow('"70000" (INSTEP_CRM_PORT) is not a port');
  });
});
