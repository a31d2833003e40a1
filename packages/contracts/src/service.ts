/** The services that own topics. */
export type ServiceName = 'connectors' | 'order-intake' | 'inventory' | 'crm' | 'hr' | 'finance';

export const serviceNames: readonly ServiceName[] = ['connectors', 'order-intake', 'inventory', 'crm', 'hr', 'finance'];
