import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Folders whose files deploy whole plans; some of the longest are a few lines of text. */
const WHOLE_PLANS = /\/test\/(drills|actions\/contract|bin|tell)\//;

/** Vitest begins with what took longest the last time. On a machine's first run that is not known: whole plans first. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    if (files.some((each) => this.ctx.cache.getTestSpecificationResult(each))) return sorted;
    const rank = ({ moduleId, project }: TestSpecification) =>
      2 * project.config.sequence.groupOrder + (WHOLE_PLANS.test(moduleId) ? 0 : 1);
    return sorted.toSorted((left, right) => rank(left) - rank(right));
  }
}
