import { describe, expect, it } from '@jest/globals';
import { events } from '@instep/contracts';
import { sharedStreams } from '@instep/history';

import { departments } from '../src/departments.ts';

describe('the history checker', () => {
  it('knows the streams whose versions also rise through events of other streams', () => {
    const recorded = new Set<string>(events.map(({ stream }) => stream));
    const shared = departments.flatMap(({ streams }) => streams.filter(({ touchedBy }) => touchedBy !== undefined)).map(({ name }) => name);
    expect([...sharedStreams].sort()).toEqual(shared.filter((name) => recorded.has(name)).sort());
  });
});
