/** Who may import whom (docs/architecture.md, section 12). */
module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'values-and-decider-import-nothing',
      severity: 'error',
      from: { path: '^packages/(values|decider)/src', pathNot: '\\.spec\\.ts$' },
      to: { pathNot: '^packages/$1/src' },
    },
    {
      name: 'contracts-import-values-only',
      severity: 'error',
      from: { path: '^packages/contracts/src' },
      to: { path: '^(packages|apps)/', pathNot: '^packages/(contracts|values)/' },
    },
    {
      name: 'the-log-knows-contracts-only',
      severity: 'error',
      from: { path: '^packages/(event-log|telemetry)/src' },
      to: { path: '^(packages|apps)/', pathNot: '^packages/($1|contracts)/' },
    },
    {
      name: 'history-knows-the-log-only',
      severity: 'error',
      from: { path: '^packages/history/src' },
      to: { path: '^(packages|apps)/', pathNot: '^packages/(history|contracts|event-log|testkit)/' },
    },
    {
      name: 'department-knows-ports-only',
      severity: 'error',
      from: { path: '^packages/department/src' },
      to: { path: '^(packages|apps)/', pathNot: '^packages/(department|event-log|contracts|decider|telemetry)/' },
    },
    {
      name: 'kafkajs-in-one-place',
      severity: 'error',
      from: { pathNot: '^(packages/event-log-kafka|bench)/' },
      to: { path: 'node_modules/kafkajs' },
    },
    {
      name: 'databases-in-one-place',
      severity: 'error',
      from: {
        path: '^(packages|apps)/',
        pathNot: '^packages/(postgres|service-host)/|^apps/[^/]+/src/adapters/(postgres|http)/|^apps/[^/]+/test/|\\.spec\\.ts$',
      },
      to: { path: 'node_modules/(typeorm|pg)/' },
    },
    {
      name: 'nest-at-the-edge',
      severity: 'error',
      from: {
        path: '^(packages|apps)/',
        pathNot: '^packages/service-host/|^apps/[^/]+/src/(adapters/http/|[^/]+\\.module\\.ts$)|\\.spec\\.ts$',
      },
      to: { path: 'node_modules/@nestjs/' },
    },
    {
      name: 'no-app-imports-another',
      severity: 'error',
      // The row history folds with the departments' own code; this file names them, and nothing else there knows one.
      from: { path: '^apps/([^/]+)/', pathNot: '^apps/lake/src/row-history/departments\\.ts$|^apps/replay/' },
      to: { path: '^apps/', pathNot: '^apps/$1/' },
    },
    {
      // A replay folds and decides with the departments' own code, and reads the lake (docs/adr/0032): what they offer, and nothing inside.
      name: 'replay-imports-what-apps-offer',
      severity: 'error',
      from: { path: '^apps/replay/' },
      to: {
        path: '^apps/',
        pathNot: '^apps/(replay/|lake/src/(log|figures)/index\\.ts$|[^/]+/src/(compose|commands|edge|adapters/postgres/index)\\.ts$)',
      },
    },
    { name: 'packages-know-no-app', severity: 'error', from: { path: '^packages/' }, to: { path: '^apps/' } },
    {
      name: 'domain-is-pure',
      severity: 'error',
      from: { path: '^apps/([^/]+)/src/domain/', pathNot: '\\.spec\\.ts$' },
      to: { pathNot: '^apps/$1/src/domain/|^packages/(values|decider)/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'application-knows-domain-and-ports',
      severity: 'error',
      from: { path: '^apps/([^/]+)/src/application/', pathNot: '\\.spec\\.ts$' },
      to: { path: '^apps/[^/]+/src/adapters|node_modules/(@nestjs|typeorm|pg|kafkajs)' },
    },
    {
      name: 'adapters-keep-apart',
      severity: 'error',
      from: { path: '^apps/([^/]+)/src/adapters/(log|postgres)/' },
      to: { path: '^apps/$1/src/adapters/', pathNot: '^apps/$1/src/adapters/$2/' },
    },
    {
      name: 'testkit-from-tests-only',
      severity: 'error',
      from: { path: '^(packages|apps)/', pathNot: '^packages/testkit/|\\.spec\\.ts$|/test/|/conformance/|/testing/' },
      to: { path: '^packages/testkit/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)dist/' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { conditionNames: ['instep-source', 'import', 'node', 'default'], exportsFields: ['exports'] },
  },
};
