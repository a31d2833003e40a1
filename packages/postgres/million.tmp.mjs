import pg from 'pg';
import { dataSource, invariantWatch, migrate, runtimeInvariants } from '@instep/postgres';
const which = process.argv[2];
const mod = await import(`/work/main/apps/${which}/src/adapters/postgres/index.ts`);
const server = process.env.DATABASE_URL;
const name = 'watch_million_' + which.replace('-', '_');
const admin = new pg.Client({ connectionString: server }); await admin.connect();
if (process.argv[4] !== 'reuse') { await admin.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`); await admin.query(`CREATE DATABASE ${name}`); }
const url = new URL(server); url.pathname = '/' + name;
const source = dataSource({ url: url.href, service: which, entities: mod.entities, migrations: mod.migrations });
await migrate(source);
const q = (s) => source.query(s);
const reuse = process.argv[4] === 'reuse';
const N = Number(process.argv[3] ?? 250000); // orders
console.log('filling', N);
if (reuse) {} else if (which === 'finance') {
  // two journals of two lines an order: 4 lines
  await q(`INSERT INTO stream SELECT 'demo','account-document','sample:'||n,2,'{"journals":2,"booked":{"1000":"10","4000":"-10"}}' FROM generate_series(1,${N}) n`);
  await q(`INSERT INTO order_facts SELECT 'demo','sample:'||n,'{"currency":"EUR","test":false,"lines":{"a":{"quantity":"1","net":"10","tax":"0","giftCard":false}},"charges":{"shipping":"0","dutiesAndFees":"0","tip":"0","rounding":"0","tax":"0","channelTax":"0"},"received":"10","shipments":{"s":{"a":"1"}},"refunds":{}}',3 FROM generate_series(1,${N}) n`);
  await q(`INSERT INTO journal_line SELECT 'demo','sample:'||n||'#'||j,l,CASE j WHEN 1 THEN 'payment' ELSE 'shipment' END,'sample:'||n,
    CASE WHEN j=1 AND l=1 THEN '1000' WHEN j=1 THEN '2000' WHEN l=1 THEN '2000' ELSE '4000' END, CASE l WHEN 1 THEN 10 ELSE -10 END,'EUR',now()-interval '1 day',
    now() - interval '10 days' + n * interval '10 days' / ${N}, 'event-'||n||'-'||j,'payment received' FROM generate_series(1,${N}) n, generate_series(1,2) j, generate_series(1,2) l ORDER BY n`);
  await q(`UPDATE stream SET state='{"journals":2,"booked":{"1000":"10","4000":"-10","2000":"0"}}'`);
}
if (which === 'inventory') {
  await q(`INSERT INTO stream SELECT 'demo','reservation','sample:'||n,1,'{"location":null,"complete":true,"lines":[{"lineId":"1","item":"I'||n%5000||'","reserved":[{"location":"A","quantity":"1"}],"missing":"0","since":null}],"shipped":[],"restocked":[],"gone":[]}' FROM generate_series(1,${N}) n`);
  await q(`INSERT INTO reservation_line SELECT 'demo','sample:'||n,'1','I'||n%5000,1,0,null,0,0 FROM generate_series(1,${N}) n`);
  await q(`INSERT INTO stock_level SELECT 'demo',item,'A',1000000,sum(reserved),1000000-sum(reserved),1,'EUR' FROM reservation_line GROUP BY item`);
  await q(`INSERT INTO stream SELECT 'demo','item',item,1,('{"places":[{"location":"A","onHand":"1000000","reserved":"'||reserved||'"}],"waiting":[]}')::json FROM stock_level`);
}
if (which === 'order-intake') {
  await q(`INSERT INTO stream SELECT 'demo','order','sample:'||n,4,'{"placed":{"channel":"sample"},"lines":[{"id":"1","item":"A","quantity":"1","shippable":true}],"total":"10","received":"10","confirmed":true,"cancelled":false,"completed":false}' FROM generate_series(1,${N}) n`);
  await q(`INSERT INTO order_summary SELECT 'demo','sample:'||n,'sample',n::text,n::text,'confirmed','paid','open','EUR',10,10,0,now(),now(),null,4 FROM generate_series(1,${N}) n`);
  await q(`INSERT INTO order_history SELECT 'demo','sample:'||n,v,'order.paid',now(),now() - interval '10 days' + n * interval '10 days' / ${N},'x',n||'-'||v,'Payment' FROM generate_series(1,${N}) n, generate_series(1,4) v ORDER BY n`);
}
if (which === 'crm') {
  await q(`INSERT INTO stream SELECT 'demo','customer','cus_'||n,1,'{"status":"active"}' FROM generate_series(1,${N}) n`);
  await q(`INSERT INTO customer SELECT 'demo','cus_'||n,null,null,null,'[]','[]' FROM generate_series(1,${N}) n`);
  await q(`INSERT INTO customer_identity SELECT 'demo','e'||n,'cus_'||n FROM generate_series(1,${N}) n`);
  await q(`INSERT INTO customer_order SELECT 'demo','sample:'||n,'e'||n,'sample',n::text,'2026-01-01T00:00:00.000Z',false,'EUR',10,10,1,'open',false,null,'{"refunds":{"r":"1"},"shipments":[],"complete":false,"waiting":false}',1 FROM generate_series(1,${N}) n`);
}
if (which === 'hr') {
  await q(`INSERT INTO stream SELECT 'demo','commission','sample:'||n,2,'{"status":"assigned","employeeId":"e'||n%200||'","total":"1"}' FROM generate_series(1,${N}) n`);
  await q(`INSERT INTO order_commission SELECT 'demo','sample:'||n,'pos:1','e'||n%200,'EUR',1 FROM generate_series(1,${N}) n`);
  await q(`INSERT INTO commission_entry SELECT 'demo','sample:'||n,v,'e'||n%200,'2026-01',CASE v WHEN 1 THEN 2 ELSE -1 END,1,1,1,'EUR','x' FROM generate_series(1,${N}) n, generate_series(1,2) v`);
  await q(`INSERT INTO stream SELECT 'demo','earnings',employee_id,1,('{"earned":[{"period":"2026-01","currency":"EUR","amount":"'||sum(amount)||'"}],"paid":[]}')::json FROM commission_entry GROUP BY employee_id`);
}
if (!reuse) await q('VACUUM ANALYZE');
for (const r of await q(`SELECT relname, n_live_tup FROM pg_stat_user_tables WHERE n_live_tup > 0 ORDER BY 2 DESC`)) console.log(' ', r.relname, r.n_live_tup);
let skip = 0;
const watch = invariantWatch({ url: url.href, service: which, invariants: [...runtimeInvariants, ...mod.invariants], now: () => Date.now() + skip });
import { readFileSync } from 'node:fs';
const cpu = async () => { const [r] = (await admin.query("SELECT pid FROM pg_stat_activity WHERE application_name = 'instep/"+which+"' AND datname = '"+name+"'")).rows; if (!r) return 0; const f = readFileSync('/proc/'+r.pid+'/stat','utf8').split(') ')[1].split(' '); return (Number(f[11])+Number(f[12]))*10; };
const show = async (label, everything) => {
  const t = performance.now(); const c0 = await cpu();
  const states = await watch.run({ everything, standing: new Set() });
  console.log(label, Math.round(performance.now() - t), 'ms,', await cpu() - c0, 'ms CPU of the database;', states.filter(s => s.tookMs > 1 || s.failure || s.violations.length).map(s => `${s.name} ${Math.round(s.tookMs)}${s.failure ? ' FAILED ' + s.failure : ''}${s.violations.length ? ' VIOLATED ' + JSON.stringify(s.violations[0]) : ''}`).join(', '));
};
await show('everything', true);
skip += 24 * 3600_000; await show('a minute, all due', false); skip += 24 * 3600_000; await show('a minute, all due', false);
await watch.close(); await source.destroy();
if (process.argv[4] !== 'keep' && !reuse) await admin.query(`DROP DATABASE ${name} WITH (FORCE)`); await admin.end();
