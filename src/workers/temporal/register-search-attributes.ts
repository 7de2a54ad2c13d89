import type { NativeConnection } from '@temporalio/worker';
import { searchAttributes } from '../../domain/orchestration/search-attributes.js';

/** Temporal's numbers for the types (`temporal.api.enums.v1.IndexedValueType`). */
const types: Readonly<Record<(typeof searchAttributes)[keyof typeof searchAttributes], number>> = {
  Keyword: 2,
  Int: 3,
  Double: 4,
  Datetime: 6,
};

/** A search attribute exists with another type than ours: no workflow could start. */
export class SearchAttributeConflict extends Error {
  override readonly name = 'SearchAttributeConflict';
  constructor(attribute: string, namespace: string, expected: string) {
    super(
      `search attribute ${attribute} of namespace ${namespace} is not of type ${expected}: remove it with \`temporal operator search-attribute remove --name ${attribute}\``,
    );
  }
}

/** Registers the search attributes that are missing in the namespace. Throws `SearchAttributeConflict`. */
export const registerSearchAttributes = async (connection: NativeConnection, namespace: string): Promise<void> => {
  const missing = await missingAttributes(connection, namespace);
  if (missing.length === 0) return;
  try {
    await connection.operatorService.addSearchAttributes({ namespace, searchAttributes: Object.fromEntries(missing) });
  } catch (error) {
    // Another service may have registered them at the same moment.
    if ((await missingAttributes(connection, namespace)).length > 0) throw error;
  }
};

const missingAttributes = async (connection: NativeConnection, namespace: string): Promise<[string, number][]> => {
  const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace });
  return Object.entries(searchAttributes).flatMap(([name, type]): [string, number][] => {
    const present = customAttributes[name];
    if (present === undefined) return [[name, types[type]]];
    const found: number = present;
    if (found !== types[type]) throw new SearchAttributeConflict(name, namespace, type);
    return [];
  });
};
