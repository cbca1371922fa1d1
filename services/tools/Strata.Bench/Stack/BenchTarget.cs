namespace Strata.Bench.Stack;

/// <summary>A running system.</summary>
/// <param name="Ingestion">gRPC address.</param>
/// <param name="Ranking">gRPC address.</param>
/// <param name="Brokers">How the brokers are reached, by librdkafka's settings; null: not known, so nothing is said about lag.</param>
/// <param name="LogFolder">Where the broker keeps its log; null: not known, so nothing is said about its bytes.</param>
/// <param name="Processes">Process ids by name.</param>
internal sealed record BenchTarget(
    Uri Ingestion,
    Uri Ranking,
    IReadOnlyDictionary<string, string>? Brokers,
    string? LogFolder,
    IReadOnlyDictionary<string, int> Processes);
