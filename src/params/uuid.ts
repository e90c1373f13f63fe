export { isUuid as match } from '#domain/uuid.ts';
