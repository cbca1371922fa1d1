using System.Runtime.InteropServices;
using Strata.Contracts;
using Strata.ServiceDefaults.State;
using Strata.Streaming.Topology;

namespace Strata.Featurizer.TfIdf;

/// <summary>Sums the document frequencies of all items partitions.</summary>
public sealed class DocumentFrequencyReader(IStateStore store, ITopics topics)
{
    /// <summary>The document frequencies as they are stored now.</summary>
    public async ValueTask<DocumentFrequencies> ReadAsync(CancellationToken cancellationToken)
    {
        var sums = new Dictionary<string, long>(StringComparer.Ordinal);
        var partitions = await topics.PartitionsAsync(Topics.Items, cancellationToken);
        for (var partition = 0; partition < partitions; partition++)
        {
            foreach (var (field, count) in await store.ReadHashAsync(Keys.DocumentFrequencies(partition), cancellationToken))
            {
                CollectionsMarshal.GetValueRefOrAddDefault(sums, field, out _) += count;
            }
        }

        sums.Remove(Vocabulary.ItemsField, out var items);
        return new DocumentFrequencies(items, sums);
    }
}
