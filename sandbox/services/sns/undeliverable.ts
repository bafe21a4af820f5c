/** A delivery that trying again does not mend. */
export class Undeliverable extends Error {}
