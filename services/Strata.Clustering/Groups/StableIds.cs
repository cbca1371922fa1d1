namespace Strata.Clustering.Groups;

/// <summary>Lets clusters that are computed anew keep the ids they had.</summary>
internal static class StableIds
{
    /// <summary>
    /// Id of each member's cluster. A cluster keeps the id that most of its members had, each id going to one cluster only: largest
    /// overlaps first, then the lower id. Clusters without one get new ids, which are never used again.
    /// </summary>
    /// <param name="clusters">Cluster of each member; negative: none, which is the id 0.</param>
    /// <param name="before">Id that each member had; 0: none.</param>
    /// <param name="next">The next new id.</param>
    public static uint[] Give(int[] clusters, uint[] before, ref uint next)
    {
        var overlaps = clusters.Zip(before, (Cluster, Id) => (Cluster, Id)).Where(member => member is { Cluster: >= 0, Id: > 0 })
            .CountBy(member => member)
            .OrderByDescending(overlap => overlap.Value).ThenBy(overlap => overlap.Key.Id).ThenBy(overlap => overlap.Key.Cluster);
        var ids = new Dictionary<int, uint>();
        var given = new HashSet<uint>();
        foreach (var ((cluster, id), _) in overlaps)
        {
            if (!ids.ContainsKey(cluster) && given.Add(id))
            {
                ids[cluster] = id;
            }
        }

        foreach (var cluster in clusters.Where(cluster => cluster >= 0).Distinct().Order())
        {
            if (!ids.ContainsKey(cluster))
            {
                ids[cluster] = next++;
            }
        }

        return [.. clusters.Select(cluster => cluster < 0 ? 0 : ids[cluster])];
    }
}
