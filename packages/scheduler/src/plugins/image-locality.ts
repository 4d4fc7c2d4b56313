import type { Cluster } from "../cluster/cluster.ts";
import type { ScorePlugin } from "../framework/plugin.ts";

const mebibyte = 1024 * 1024;
/** Images below this are pulled soon enough not to matter. */
const least = 23 * mebibyte;
/** A container's image counts up to this. */
const most = 1000 * mebibyte;

/** Nodes that have the pod's images are better: by size, and by how many nodes have them. */
export function imageLocality(volumeImages: boolean): ScorePlugin {
  return {
    name: "ImageLocality",
    preScore(pods, cluster) {
      const images = [...pods.images, ...(volumeImages ? pods.volumeImages : [])].map(fullName);
      const worth = new Map(images.map((image) => [image, worthOf(image, cluster)]));
      const ceiling = most * pods.images.length;
      return {
        scope: "node",
        uniform: images.reduce((sum, image) => sum + worth.get(image)!, 0) <= least,
        score(nodes, count, out) {
          for (let i = 0; i < count; i++) {
            const there = cluster.nodes[nodes[i]!]!.images;
            let sum = 0;
            if (there.size > 0) for (const image of images) if (there.has(image)) sum += worth.get(image)!;
            const clamped = sum < least ? least : Math.min(sum, ceiling);
            out[i] = Math.trunc((100 * (clamped - least)) / (ceiling - least));
          }
        },
      };
    },
  };
}

/** An image's size, scaled by the share of nodes that have it. The first node that reports it sets the size. */
function worthOf(image: string, cluster: Cluster): number {
  const images = cluster.shared("images", () => {
    const found = new Map<string, { readonly size: number; nodes: number }>();
    for (const node of cluster.nodes) {
      for (const [name, size] of node.images) {
        const known = found.get(name);
        if (known === undefined) found.set(name, { size, nodes: 1 });
        else known.nodes++;
      }
    }
    return found;
  });
  const { size, nodes } = images.get(image) ?? { size: 0, nodes: 0 };
  return Math.trunc(size * (nodes / cluster.nodes.length));
}

function fullName(image: string): string {
  return image.lastIndexOf(":") <= image.lastIndexOf("/") ? `${image}:latest` : image;
}
