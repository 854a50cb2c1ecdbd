/** Of a proxy with this limit: it refuses the expression that is made of {@link REFUSED_TEMPLATE}, and takes all that the mesh has by itself. */
export const LOW_LIMIT: Readonly<Record<string, number>> = { 're2.max_program_size.error_level': 80 };

/** What occurs in every resource that is made of the template. */
export const REFUSED_WORDS = 'long/long';

/** A path that the API server and the compiler take, and another proxy would. */
export const REFUSED_TEMPLATE = `/${'long/'.repeat(40)}{*}`;
