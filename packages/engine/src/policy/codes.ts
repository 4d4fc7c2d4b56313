import { defineCodes } from "@berth/diagnostics";

/** What policies find, and what can be wrong with them. */
export const policyCodes = defineCodes({
  BERTH6101: {
    title: "Denied by a policy",
    explanation:
      "A mandatory policy of the project found something in the plan that must not be done. Nothing was changed. The exit code is 4. `silence` does not silence it.",
    remedy:
      "The finding says what is wrong and, where the policy knows it, the way out. Policies are named in berth.yaml; whoever answers for them can change their configuration.",
  },
  BERTH6102: {
    title: "A policy advises against it",
    explanation: "An advisory policy of the project found something in the plan. It is applied all the same.",
    remedy:
      'Follow the finding, or, where it was looked at and is right as it is, silence it on the resource: `{ silence: ["BERTH6102"] }`.',
  },
  BERTH6103: {
    title: "A policy failed",
    explanation:
      "The function of a policy threw an error. What it would have found is not known, so nothing is applied.",
    remedy:
      'Mend the policy. What is not known yet stands in values as `{ $berth: "unknown" }`, and a secret as `{ $berth: "secret" }`: look for them before using a value.',
  },
  BERTH6104: {
    title: "A policy answered nonsense",
    explanation:
      "The function of a policy returned something that is no finding: a promise, a number, an object without a message. What it found is not known, so nothing is applied.",
    remedy:
      "Return nothing, a sentence, `{ message, hint, resource, path }`, or a list of these; from `remediate` the inputs as a whole, or nothing. Policies are not asynchronous.",
  },
  BERTH6105: {
    title: "A remediation is no valid input",
    explanation:
      "A remediating policy gave a resource inputs that its type does not take, or that it would change again when it saw them.",
    remedy: "Mend the policy: it is to return inputs that it finds nothing wrong with.",
  },
  BERTH6106: {
    title: "A policy is not defined as one",
    explanation:
      "Something in the list `policies` of a module lacks what a policy has: a name, a description, a kind, a level that the kind knows, a function. Or two policies have one name.",
    remedy:
      "Give the list the type `readonly Policy[]` of `@berth/engine`: the editor then says what is missing.",
  },
  BERTH6107: {
    title: "The configuration of a policy is wrong",
    explanation:
      "berth.yaml configures a policy that no module has, or sets a value that the policy does not know, or one of another kind than its default.",
    remedy: "Correct berth.yaml; the message names what there is.",
  },
});
