import { DATA_SOURCE, Operation, Paging, Problem, Tenant, ValidQuery, pageOf } from '@instep/service-host';
import type { Page, Paged } from '@instep/service-host';
import { minorUnits } from '@instep/values';
import type { Decimal } from '@instep/values';
import { fixed, sum } from '@instep/values';
import { Controller, Get, Inject } from '@nestjs/common';
import { Type } from 'typebox';
import type { Static } from 'typebox';
import type { DataSource } from 'typeorm';

import { accounts } from '../../domain/chart-of-accounts.ts';
import type { Account } from '../../domain/chart-of-accounts.ts';
import { findJournals, isJournalId } from '../postgres/journals.query.ts';
import type { JournalEntry } from '../postgres/journals.query.ts';
import { trialBalance } from '../postgres/trial-balance.query.ts';
import { momentOf, momentPattern } from './moment.ts';

const TrialBalanceQuery = Type.Object(
  {
    asOf: Type.Optional(
      Type.String({ pattern: momentPattern, description: 'a moment, ISO 8601 (a day: its begin in UTC); everything when left out' }),
    ),
    clock: Type.Optional(Type.Union([Type.Literal('occurred'), Type.Literal('recorded')])),
  },
  { additionalProperties: false },
);
const JournalsQuery = Type.Object(
  { orderId: Type.Optional(Type.String({ minLength: 1, maxLength: 255 })) },
  { additionalProperties: false },
);

const byNumber: ReadonlyMap<string, Account> = new Map(Object.values(accounts).map((account) => [account.number, account]));

@Controller()
export class LedgerController {
  readonly #dataSource: DataSource;

  constructor(@Inject(DATA_SOURCE) dataSource: DataSource) {
    this.#dataSource = dataSource;
  }

  @Get('accounts')
  @Operation({ summary: 'The chart of accounts' })
  chart(): { items: readonly Account[] } {
    return { items: [...byNumber.values()] };
  }

  @Get('trial-balance')
  @Operation({ summary: 'Balance of every account as of a moment; debits positive. The total per currency is zero' })
  async balance(@Tenant() tenant: string, @ValidQuery(TrialBalanceQuery) query: Static<typeof TrialBalanceQuery>) {
    const moment = query.asOf === undefined ? null : momentOf(query.asOf);
    const rows = await trialBalance(this.#dataSource, tenant, moment, query.clock ?? 'occurred');
    const currencies = [...new Set(rows.map(({ currency }) => currency))];
    return {
      asOf: query.asOf ?? null,
      clock: query.clock ?? 'occurred',
      currencies: currencies.map((currency) => {
        const own = rows.filter((row) => row.currency === currency);
        const spell = (amount: string): string => fixed(amount as Decimal, minorUnits(currency));
        return {
          currency,
          total: spell(sum(own.map(({ balance }) => balance as Decimal))),
          accounts: own.map(({ account, balance }) => ({ account, name: byNumber.get(account)?.name ?? null, balance: spell(balance) })),
        };
      }),
    };
  }

  @Get('journals')
  @Operation({ summary: 'Entries of the ledger by document and number, each with the event that caused it' })
  async journals(
    @Tenant() tenant: string,
    @ValidQuery(JournalsQuery) query: Static<typeof JournalsQuery>,
    @Paging() page: Page,
  ): Promise<Paged<JournalEntry>> {
    const [after] = page.after;
    if (after !== undefined && !isJournalId(after))
      throw new Problem(400, 'request/invalid-page', 'after is the next of an earlier answer, unchanged.');
    const rows = await findJournals(this.#dataSource, { tenant, orderId: query.orderId, after, limit: page.limit + 1 });
    return pageOf(rows, page, ({ journalId }) => [journalId]);
  }
}
