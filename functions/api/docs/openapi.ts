import document from '../../../shared/contract/openapi.json' with { type: 'json' };

/** Loaded when it is asked for (see its route), so that no cold start pays for it. */
export const openApiDocument = JSON.stringify(document);
