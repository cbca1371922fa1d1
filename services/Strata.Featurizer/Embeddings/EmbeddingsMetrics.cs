using System.Diagnostics.Metrics;

namespace Strata.Featurizer.Embeddings;

/// <summary>What encoding costs and what the caches save.</summary>
public sealed class EmbeddingsMetrics
{
    public const string MeterName = "Strata.Featurizer.Embeddings";

    private readonly Histogram<double> _duration;
    private readonly Counter<long> _hits;

    public EmbeddingsMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        _duration = meter.CreateHistogram<double>(
            "strata.embeddings.duration", "s", "Time to encode one text, without the wait for its turn.");
        _hits = meter.CreateCounter<long>("strata.embeddings.cache_hits", "{text}", "Texts whose vector was remembered.");
    }

    internal void Encoded(string encoder, TimeSpan duration)
        => _duration.Record(duration.TotalSeconds, new KeyValuePair<string, object?>("strata.encoder", encoder));

    internal void Cached(string layer) => _hits.Add(1, new KeyValuePair<string, object?>("strata.cache", layer));
}
