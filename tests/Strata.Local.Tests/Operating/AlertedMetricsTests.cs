using System.Text.RegularExpressions;
using Grpc.Core;
using Grpc.Net.Client;
using Strata.Contracts.Events.V1;
using Strata.Contracts.Ingestion.V1;
using Strata.Contracts.Ranking.V1;
using Strata.Local.Hosting;
using Strata.Local.Sample;
using Strata.Local.Traffic;
using Strata.Testing;
using IngestionClient = Strata.Contracts.Ingestion.V1.Ingestion.IngestionClient;
using RankingClient = Strata.Contracts.Ranking.V1.Ranking.RankingClient;

namespace Strata.Local.Tests.Operating;

/// <summary>What alerts and dashboards name is there in a running system under that very name.</summary>
/// <remarks>
/// Alone: a reader of metrics takes those of every system in the process, a thousand streams at most, and has no room for its own then.
/// </remarks>
[Collection(nameof(Alone))]
[Trait("height", "embedded")]
public sealed partial class AlertedMetricsTests
{
    /// <summary>Series that begin with the first fault, which their alerts take for an increase; a test of sources knows them.</summary>
    private static readonly string[] OnlyAfterAFault =
        ["strata_state_set_aside_total", "strata_ranking_unreadable_values_total", "strata_ranking_degraded_total"];

    /// <summary>Labels whose values are names of types, meters, builds and buckets.</summary>
    private static readonly string[] NamesOfOthers =
    [
        "error_type", "otel_scope_name", "otel_scope_version", "otel_scope_schema_url", "strata_build_version", "strata_build_commit", "le",
    ];

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Metrics_OfARunningSystem_HaveEveryNameAndBeginAtZero()
    {
        await using var system = await LocalSystem.StartAsync(new LocalSettings { Port = 0 }, _ => { }, Cancel);
        await system.ReadyAsync(_ => { }, Cancel);
        using var channel = GrpcChannel.ForAddress(system.Addresses.Grpc);
        using var http = new HttpClient { BaseAddress = system.Addresses.Http };
        var (ingestion, ranking) = (new IngestionClient(channel), new RankingClient(channel));
        var catalogue = SampleCatalogue.Load();
        await new Shop(ingestion, TimeProvider.System).PutAsync(catalogue, calls: null, TimeSpan.Zero, Cancel);
        await Assert.ThrowsAsync<RpcException>(
            async () => await ingestion.PublishEventAsync(new PublishEventRequest { Event = new UserEvent() }, cancellationToken: Cancel));
        var wanted = Directory.GetFiles(Path.Combine(Repository.Root, "infra", "prometheus"), "alerts.yml")
            .Concat(Directory.GetFiles(Path.Combine(Repository.Root, "infra", "grafana"), "*.json", SearchOption.AllDirectories))
            .SelectMany(path => Names().Matches(Tags().Replace(File.ReadAllText(path), " ")).Select(match => match.Value))
            .Except(OnlyAfterAFault).Distinct().ToList();

        var shown = "";
        List<string> missing = wanted;
        var began = TimeProvider.System.GetTimestamp();
        for (var turn = 0; missing.Count > 0 && TimeProvider.System.GetElapsedTime(began) < Patience; turn++)
        {
            var click = new UserEvent
            {
                EventId = $"e{turn}",
                UserId = $"u{turn % 20}",
                Kind = EventKind.Click,
                ItemId = catalogue.Items[turn % catalogue.Items.Count].ItemId,
            };
            await ingestion.PublishEventAsync(new PublishEventRequest { Event = click }, cancellationToken: Cancel);
            await ranking.RecommendAsync(new RecommendRequest { UserId = click.UserId, Count = 5 }, cancellationToken: Cancel);
            await Task.Delay(TimeSpan.FromMilliseconds(50), Cancel);
            shown = turn % 10 == 0 ? await http.GetStringAsync("/metrics", Cancel) : shown;
            missing = [.. wanted.Where(name => !shown.Contains($"\n{name}{{", StringComparison.Ordinal))];
        }

        Assert.True(missing.Count == 0, $"{string.Join(", ", missing)} are not among: {shown}");
        Assert.True(wanted.Count > 15);
        Assert.Matches("strata_stream_dead_letters_total\\{[^}]*messaging_destination_name=\"strata.events.v1\"[^}]*\\} 0\\b", shown);
        Assert.Matches("strata_stream_restarts_total\\{[^}]*strata_stream_cause=\"fault\"[^}]*\\} 0\\b", shown);
        Assert.Matches("strata_stream_skipped_total\\{[^}]*\\} 0\\b", shown);
        AssertLowerCase(shown);
        Assert.Matches("strata_broker_up\\{[^}]*\\} 1\\b", shown);
        Assert.Matches("strata_store_up\\{[^}]*\\} 1\\b", shown);
    }

    /// <summary>
    /// Values of labels have one form, lower case, words by underscores; ids of topics, groups and fallbacks are written as everywhere.
    /// </summary>
    private static void AssertLowerCase(string shown)
    {
        var labels = Series().Matches(shown).SelectMany(series => Labels().Matches(series.Value))
            .Select(label => (Name: label.Groups[1].Value, Value: label.Groups[2].Value))
            .Where(label => !NamesOfOthers.Contains(label.Name)).Distinct().ToList();
        Assert.True(labels.Count > 30, $"{labels.Count} labels");
        Assert.All(labels, label => Assert.Matches("^[a-z0-9_.:-]*$", label.Value));
    }

    [GeneratedRegex(@"(?m)^(?:strata|messaging)_[a-z_]+\{[^}]*\}")]
    private static partial Regex Series();

    [GeneratedRegex(@"(\w+)=""([^""]*)""")]
    private static partial Regex Labels();

    [GeneratedRegex(@"\b(?:strata_[a-z_]+|messaging_[a-z_]+|target_info)(?=[\[{)\s])")]
    private static partial Regex Names();

    /// <summary>Where tags stand, and prose.</summary>
    [GeneratedRegex(
        @"by \([^)]*\)|(?<=\{)[^{}]*(?=\})|#[^\n]*|(?:summary|remedy):[^\n]*(?:\n {12}[^\n]*)*|alert:[^\n]*"
        + @"|""(?:title|description)"":[^\n]*")]
    private static partial Regex Tags();
}
