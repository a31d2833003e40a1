/**
 * The stock way: NestJS's Kafka transport (one message at a time), and for each message one transaction with a row of an inbox against
 * duplicates and the row of the read model, both by TypeORM's `save`.
 *   node stock.js <brokers> <database url>
 */
import 'reflect-metadata';

import type { CloudEvent } from '@instep/contracts';
import { Controller, Inject, Module, type DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { EventPattern, Payload, Transport, type MicroserviceOptions } from '@nestjs/microservices';
import { Column, DataSource, Entity, PrimaryColumn } from 'typeorm';

import type { ReadOrder } from './messages.ts';
import { folded } from './order-row.ts';
import { Stopwatch } from './stopwatch.ts';

@Entity('inbox')
class InboxEntry {
  @PrimaryColumn('text')
  declare eventId: string;
  @Column('timestamptz')
  declare receivedAt: Date;
}

@Entity('order_row')
class OrderEntity {
  @PrimaryColumn('text')
  declare tenant: string;
  @PrimaryColumn('text')
  declare orderId: string;
  @Column('text')
  declare number: string;
  @Column('text')
  declare currency: string;
  @Column('numeric')
  declare total: string;
  @Column('numeric')
  declare received: string;
  @Column('text')
  declare status: string;
  @Column('integer')
  declare events: number;
}

const stopwatch = new Stopwatch();

@Controller()
class OrdersConsumer {
  readonly #dataSource: DataSource;

  constructor(@Inject(DataSource) dataSource: DataSource) {
    this.#dataSource = dataSource;
  }

  @EventPattern('orders')
  async onOrderEvent(@Payload() event: CloudEvent): Promise<void> {
    stopwatch.start();
    await this.#dataSource.transaction(async (manager) => {
      if (await manager.existsBy(InboxEntry, { eventId: event.id })) return;
      await manager.save(InboxEntry, { eventId: event.id, receivedAt: new Date() });
      const row = await manager.findOneBy(OrderEntity, { tenant: event.tenant, orderId: event.subject });
      await manager.save(OrderEntity, folded(row ?? undefined, event));
    });
    stopwatch.count(1);
  }
}

const [brokers = '', url = ''] = process.argv.slice(2);
const dataSource = new DataSource({ type: 'postgres', url, entities: [InboxEntry, OrderEntity], synchronize: true });

@Module({})
// eslint-disable-next-line @typescript-eslint/no-extraneous-class -- Nest's dynamic modules look like this
class StockModule {
  static withDatabase(): DynamicModule {
    return { module: StockModule, controllers: [OrdersConsumer], providers: [{ provide: DataSource, useValue: dataSource }] };
  }
}

process.on('message', (order: ReadOrder) => {
  void read(order);
});
process.on('disconnect', () => process.exit(0));

async function read({ seconds, events }: ReadOrder): Promise<void> {
  await dataSource.initialize();
  const app = await NestFactory.createMicroservice<MicroserviceOptions>(StockModule.withDatabase(), {
    transport: Transport.KAFKA,
    options: {
      client: { brokers: brokers.split(','), clientId: 'bench-stock' },
      consumer: { groupId: 'bench-stock' },
      subscribe: { fromBeginning: true },
    },
    logger: false,
  });
  await app.listen();
  process.send?.(await stopwatch.reached(events, seconds));
}
