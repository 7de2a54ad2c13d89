/** The import table of the architecture: who may import whom. Types of `config` and `telemetry` are open to every inner folder. */
const allows = (folder, others, { typesOf = [] } = {}) => {
  const all = [folder, ...others];
  const rules = [
    {
      name: `${folder}-may-import`,
      severity: 'error',
      from: { path: `^src/${folder}/` },
      to: { path: '^src/', pathNot: `^src/(${[...all, ...typesOf].join('|')})/` },
    },
  ];
  if (typesOf.length > 0)
    rules.push({
      name: `${folder}-types-only`,
      severity: 'error',
      from: { path: `^src/${folder}/` },
      to: { path: `^src/(${typesOf.join('|')})/`, dependencyTypesNot: ['type-only'] },
    });
  return rules;
};
const inner = { typesOf: ['config', 'telemetry'] };

export default {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } } },
    ...allows('domain', []),
    ...allows('config', ['domain']),
    ...allows('telemetry', ['domain']),
    ...['market', 'learning', 'registry', 'artifacts', 'annotation', 'reports', 'notifications', 'integrations', 'updates'].flatMap(
      (folder) => allows(folder, ['domain'], inner),
    ),
    ...allows('evaluation', ['domain', 'learning'], inner),
    ...allows('serving', ['domain', 'learning'], inner),
    ...allows('activities', [
      'domain',
      'config',
      'telemetry',
      'market',
      'learning',
      'registry',
      'artifacts',
      'annotation',
      'reports',
      'notifications',
      'integrations',
      'updates',
      'evaluation',
      'serving',
    ]),
    ...allows('workflows', ['domain'], { typesOf: ['activities'] }),
    ...allows('client', ['domain', 'workflows']),
    ...allows('api', ['client', 'domain', 'config', 'telemetry', 'registry', 'artifacts', 'reports', 'serving']),
    ...allows('cli', ['client', 'domain', 'config', 'telemetry', 'runtime', 'activities']),
    ...allows('runtime', ['domain', 'config', 'telemetry']),
    {
      name: 'workflows-packages',
      severity: 'error',
      from: { path: '^src/workflows/' },
      to: { dependencyTypes: ['npm', 'npm-dev', 'core'], pathNot: 'node_modules/@temporalio/(workflow|common)/' },
    },
    {
      name: 'domain-packages',
      severity: 'error',
      from: { path: '^src/domain/' },
      to: { dependencyTypes: ['npm', 'npm-dev', 'npm-no-pkg', 'core'] },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
      extensions: ['.ts', '.js'],
    },
  },
};
