namespace Strata.Chaos.Stack;

/// <summary>What the services are told: as shipped, but for what makes two runs comparable.</summary>
internal static class CampaignSettings
{
    public static IReadOnlyDictionary<string, string> Of(CampaignOptions options, string brokers, string store)
        => new Dictionary<string, string>(Shipped(options.Settings, brokers, store), StringComparer.Ordinal)
        {
            // One seeding: items that come and go must not start the layers anew, which a sequential run cannot follow.
            ["Clustering:Reducer:SettleTime"] = "00:00:05",
            ["Clustering:Reducer:ChangeToReseed"] = "0.9",
            ["Clustering:Reducer:ChangeToReseedAtRest"] = "0.9",

            // Every acknowledged event is looked for in the log: none is to be taken for another.
            ["Ingestion:Cleaning:Repeats:Enabled"] = "false",

            // The group's position stays at the oldest impression whose window is open: with half an hour nothing would say that it moves.
            ["Optimizer:Outcomes:Window"] = "00:00:01",
            ["Optimizer:Outcomes:ImplicitWindow"] = "00:00:00.500",
            ["Optimizer:Outcomes:Lateness"] = "00:00:00.500",
            ["Optimizer:Outcomes:EventHold"] = "00:00:01",
        };

    /// <summary>As shipped, on these brokers and this store.</summary>
    public static IReadOnlyDictionary<string, string> Shipped(IReadOnlyDictionary<string, string> settings, string brokers, string store)
        => new Dictionary<string, string>(settings, StringComparer.Ordinal)
        {
            ["Streaming:BootstrapServers"] = brokers,
            ["Redis:ConnectionString"] = store,
            ["Endpoints:ClosePause"] = "00:00:00",

            // As the services' own files say it, which lie beside published services only.
            ["Logging:LogLevel:Microsoft.AspNetCore"] = "Warning",
            ["Logging:LogLevel:Grpc"] = "Warning",
            ["Logging:LogLevel:Polly"] = "Warning",
            ["Logging:Console:FormatterName"] = "simple",
            ["Logging:Console:FormatterOptions:TimestampFormat"] = "HH:mm:ss.fff ",
        };
}
