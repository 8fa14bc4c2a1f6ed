import { packedOpenApi } from '../../shared/contract/openapi/packed.ts';
import { unpack } from '../../shared/runtime/http-packed.ts';

/** Loaded when it is asked for (see its route), so that no cold start pays for it. */
export const openApiDocument = JSON.stringify(unpack(packedOpenApi));
