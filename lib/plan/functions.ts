/** Functions an expression may call: JSONata 2.0.6 (https://docs.jsonata.org/string-functions …), without `$eval`. */
const OWN =
  "sum count max min average string substring substringBefore substringAfter lowercase uppercase length trim pad match contains replace split join formatNumber formatBase formatInteger parseInteger number floor ceil round abs sqrt power random boolean not map zip filter single reduce sift keys lookup append exists spread merge reverse each error assert type sort shuffle distinct base64encode base64decode encodeUrlComponent encodeUrl decodeUrlComponent decodeUrl fromMillis toMillis now millis clone";

/** What Step Functions adds. https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html */
const ADDED = "partition range hash uuid parse";

export const JSONATA_FUNCTIONS: ReadonlySet<string> = new Set(`${OWN} ${ADDED}`.split(" "));
