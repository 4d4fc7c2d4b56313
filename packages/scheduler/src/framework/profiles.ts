import { BerthError, nearest, problem } from "@berth/diagnostics";
import { schedulerCodes } from "../codes.ts";
import type { KubeSchedulerConfiguration } from "../configuration.ts";
import { checkConfiguration } from "./check-configuration.ts";
import type { Profile } from "./profile.ts";
import { type Flavour, profileOf } from "./profile-of.ts";
import type { KubernetesVersion } from "./version.ts";

/** The profiles of a scheduler, by the name that pods call it by. */
export class Profiles {
  /** Requests of whole pods (`spec.resources`) count. */
  readonly podLevelResources: boolean;
  readonly #byName: ReadonlyMap<string, Profile>;
  /** Without a configuration there is one profile, for all pods, whatever they call their scheduler. */
  readonly #forAll: Profile | undefined;

  constructor(
    version: KubernetesVersion,
    flavour: Flavour,
    strictVolumes: boolean,
    configuration?: KubeSchedulerConfiguration,
  ) {
    if (configuration !== undefined) checkConfiguration(configuration, version);
    const configured = configuration?.profiles ?? [];
    this.podLevelResources = version.minor >= 34;
    this.#forAll = configured.length === 0 ? profileOf(version, flavour, strictVolumes) : undefined;
    this.#byName = new Map(
      configured.map((each) => [
        each.schedulerName ?? "default-scheduler",
        profileOf(version, flavour, strictVolumes, each),
      ]),
    );
  }

  /** Errors: BERTH2110 no profile has that name. */
  of(schedulerName: string): Profile {
    const profile = this.#forAll ?? this.#byName.get(schedulerName);
    if (profile !== undefined) return profile;
    const near = nearest(schedulerName, this.#byName.keys());
    throw new BerthError([
      problem(schedulerCodes.BERTH2110, {
        message: `no profile is called ${JSON.stringify(schedulerName)}`,
        path: "spec.schedulerName",
        ...(near && { hint: `did you mean ${near}?` }),
      }),
    ]);
  }
}
