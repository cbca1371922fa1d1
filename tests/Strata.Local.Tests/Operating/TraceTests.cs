using System.Collections.Concurrent;
using System.Diagnostics;
using Grpc.Core;
using Grpc.Net.Client;
using Strata.Contracts;
using Strata.Contracts.Events.V1;
using Strata.Contracts.Ingestion.V1;
using Strata.Local.Hosting;
using Strata.Local.Sample;
using Strata.Local.Traffic;
using IngestionClient = Strata.Contracts.Ingestion.V1.Ingestion.IngestionClient;

namespace Strata.Local.Tests.Operating;

/// <summary>One event's way is one trace: from its producer's call, through the headers of records, to the store.</summary>
[Trait("height", "embedded")]
public sealed class TraceTests
{
    private const string Caller = "00f067aa0ba902b7";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task PublishEvent_WithTheCallersTrace_LeadsToTheWriteOfWeights()
    {
        await using var system = await LocalSystem.StartAsync(new LocalSettings { Port = 0 }, _ => { }, Cancel);
        await system.ReadyAsync(_ => { }, Cancel);
        using var channel = GrpcChannel.ForAddress(system.Addresses.Grpc);
        var ingestion = new IngestionClient(channel);
        var catalogue = SampleCatalogue.Load();
        await new Shop(ingestion, TimeProvider.System).PutAsync(catalogue, calls: null, TimeSpan.Zero, Cancel);
        await PublishAsync(ingestion, catalogue, "before", null);
        var trace = ActivityTraceId.CreateRandom();
        var spans = new ConcurrentQueue<Activity>();
        using var listener = new ActivityListener
        {
            // What this test calls with is a caller's.
            ShouldListenTo = source => !source.Name.StartsWith("System.Net", StringComparison.Ordinal)
                && !source.Name.StartsWith("Grpc.Net", StringComparison.Ordinal),
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = span =>
            {
                if (span.TraceId == trace)
                {
                    spans.Enqueue(span);
                }
            },
        };
        ActivitySource.AddActivityListener(listener);

        await PublishAsync(ingestion, catalogue, "traced", $"00-{trace}-{Caller}-01");
        string[] way = [];
        for (var began = TimeProvider.System.GetTimestamp();
            way.Length == 0 && TimeProvider.System.GetElapsedTime(began) < Patience;
            await Task.Delay(50, Cancel))
        {
            var known = spans.ToArray();
            way = known.Where(span => span.DisplayName == "write").Select(span => Way(span, known))
                .FirstOrDefault(names => names.Contains($"process {Topics.InterestPoints}")) ?? [];
        }

        Assert.Equal(
            [
                "POST /strata.ingestion.v1.Ingestion/PublishEvent", $"send {Topics.Events}", $"process {Topics.Events}",
                $"process {Topics.InterestPoints}", "write",
            ],
            way);
    }

    private static async Task PublishAsync(IngestionClient ingestion, SampleCatalogue catalogue, string user, string? parent)
    {
        var headers = new Metadata();
        if (parent is not null)
        {
            headers.Add("traceparent", parent);
        }

        var click = new UserEvent { EventId = user, UserId = user, Kind = EventKind.Click, ItemId = catalogue.Items[0].ItemId };
        await ingestion.PublishEventAsync(new PublishEventRequest { Event = click }, headers, cancellationToken: Cancel);
    }

    /// <summary>Names from the first span, whose parent is the caller's, to this one; empty where one is not there yet.</summary>
    private static string[] Way(Activity span, IReadOnlyCollection<Activity> known)
    {
        var names = new List<string> { span.DisplayName };
        while (span.ParentSpanId.ToHexString() != Caller)
        {
            if (known.FirstOrDefault(other => other.SpanId == span.ParentSpanId) is not { } parent)
            {
                return [];
            }

            span = parent;
            names.Add(span.DisplayName);
        }

        names.Reverse();
        return [.. names];
    }
}
