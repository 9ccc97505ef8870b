// The complex step itself.

/** Its square vanishes beside everything; what it is multiplied by may be as small as exp(-500) before slopes are lost. */
export const STEP = 1e-60;
