import tseslint from 'typescript-eslint';

export default tseslint.config(
  { ignores: ['dist', 'sdk/dist', 'sdk/src/protocol.ts', 'screenshots'] },
  {
    files: ['**/*.ts', '**/*.tsx'],
    extends: [...tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      'max-lines': ['error', 400],
      'max-lines-per-function': ['error', 60],
      'no-restricted-globals': ['error', 'event', 'name', 'status'],
      '@typescript-eslint/switch-exhaustiveness-check': 'off',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-unused-vars': ['error', { varsIgnorePattern: '^_+$' }],
      '@typescript-eslint/no-confusing-void-expression': 'off',
      '@typescript-eslint/no-empty-object-type': 'off',
      // Code points are what is meant, here and in the protocol.
      '@typescript-eslint/no-misused-spread': 'off',
    },
  },
);
