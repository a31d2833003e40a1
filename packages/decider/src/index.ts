export type { DomainEvent } from './domain-event.ts';
export type { StreamDefinition, StreamRef } from './stream.ts';
export type { Command, CommandDefinition, Context, Reader } from './command.ts';
export { defineCommand } from './command.ts';
export type { Decided, Decision, Refusal } from './decision.ts';
export { accept, nothing, record, refuse } from './decision.ts';
