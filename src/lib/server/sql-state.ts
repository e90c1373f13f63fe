/** PostgreSQL's code of a fault, also where drizzle has wrapped what postgres.js threw. undefined: another sort of fault. */
export function sqlState(fault: unknown): string | undefined {
  const { code, cause } = fault as { code?: string; cause?: { code?: string } };
  return code ?? cause?.code;
}

export const foreignKeyViolation = '23503';
export const uniqueViolation = '23505';
export const checkViolation = '23514';
export const noSuchTable = '42P01';
