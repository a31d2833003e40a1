import { fileURLToPath } from 'node:url';

import importX from 'eslint-plugin-import-x';
import globals from 'globals';
import tseslint from 'typescript-eslint';

const root = fileURLToPath(new URL('.', import.meta.url));

/** Nothing below the edges knows the time, chance, the process or the network: these come through a port. */
const pureGlobals = ['setTimeout', 'setInterval', 'setImmediate', 'performance', 'fetch', 'queueMicrotask', 'process', 'console'];
const pureProperties = [
  { object: 'Date', property: 'now', message: 'Time arrives with the command.' },
  { object: 'Math', property: 'random', message: 'Chance arrives with the command.' },
  { object: 'crypto', property: 'randomUUID', message: 'Ids arrive with the command.' },
];
/** Our own parts are used as they are: the in-memory log and store pass the same suites as the real ones. */
const mocks = ['mock', 'unstable_mockModule'].map((property) => ({
  object: 'jest',
  property,
  message: 'Use the real part, or its in-memory twin.',
}));
const newDate = { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: 'Time arrives from a port.' };
const exportStyle = [
  { selector: 'ExportAllDeclaration', message: 'Name what is exported.' },
  { selector: 'ExportDefaultDeclaration', message: 'Export by name.' },
  { selector: 'TSEnumDeclaration', message: 'Use a union of literals.' },
  { selector: 'TSParameterProperty', message: 'Declare the property.' },
];

export default tseslint.config(
  { ignores: ['**/dist/**', '**/node_modules/**', '.instep/**', '**/coverage/**', '**/fixtures/**'] },
  {
    files: ['**/*.ts'],
    extends: [...tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: root }, globals: globals.node },
    plugins: { 'import-x': importX },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/only-throw-error': ['error', { allow: [{ from: 'file', name: 'notLoaded' }, 'Symbol'] }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', destructuredArrayIgnorePattern: '^_' },
      ],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/require-await': 'off',
      // TypeORM types entity options as a class but takes literals.
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      '@typescript-eslint/no-unnecessary-type-parameters': 'off',
      '@typescript-eslint/unbound-method': 'off',
      'import-x/no-extraneous-dependencies': ['error', { packageDir: [root], includeTypes: true }],
      'no-console': 'error',
      'no-restricted-syntax': ['error', ...exportStyle],
      'max-lines': ['error', { max: 400, skipBlankLines: true, skipComments: true }],
      'max-lines-per-function': ['error', { max: 80, skipBlankLines: true, skipComments: true, IIFEs: true }],
      complexity: ['error', 15],
      'max-params': ['error', 6],
    },
  },
  {
    files: ['apps/*/src/domain/**/*.ts', 'apps/*/src/application/**/*.ts', 'packages/values/src/**/*.ts', 'packages/decider/src/**/*.ts'],
    ignores: ['**/*.spec.ts'],
    rules: {
      'no-restricted-globals': ['error', ...pureGlobals],
      'no-restricted-properties': ['error', ...pureProperties],
      'no-restricted-syntax': ['error', ...exportStyle, newDate],
      'max-lines': ['error', { max: 300, skipBlankLines: true, skipComments: true }],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
    },
  },
  {
    files: ['packages/department/src/**/*.ts'],
    ignores: ['**/*.spec.ts', '**/system-ports.ts', '**/conformance/**'],
    rules: {
      'no-restricted-globals': ['error', ...pureGlobals],
      'no-restricted-properties': ['error', ...pureProperties],
      'no-restricted-syntax': ['error', ...exportStyle, newDate],
    },
  },
  {
    files: ['**/*.spec.ts', '**/conformance/**/*.ts', 'packages/testkit/**/*.ts', 'scenarios/**/*.ts', '**/testing/**/*.ts'],
    rules: {
      'no-restricted-properties': ['error', ...mocks],
      'max-lines': 'off',
      'max-lines-per-function': 'off',
      complexity: 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
    },
  },
  {
    files: ['tools/**/*.ts', 'bench/**/*.ts', 'infra/**/*.ts'],
    rules: { 'no-console': 'off' },
  },
  { files: ['**/*.module.ts', '**/http/**/*.ts'], rules: { '@typescript-eslint/no-extraneous-class': 'off' } },
);
