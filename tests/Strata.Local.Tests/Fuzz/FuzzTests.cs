using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Extensions.Logging;
using Strata.Contracts.Catalog.V1;
using Strata.Contracts.Ingestion.V1;
using Strata.Local.Hosting;
using IngestionClient = Strata.Contracts.Ingestion.V1.Ingestion.IngestionClient;

namespace Strata.Local.Tests.Fuzz;

/// <summary>
/// Calls of every kind and every brokenness at a whole system. <c>STRATA_FUZZ_CASES</c> and <c>STRATA_FUZZ_SEED</c> make it long, or
/// another one; <c>STRATA_FUZZ_FROM</c> begins at a later case of the seed, so that a long one may be run in pieces (<c>.ci/fuzz</c>).
/// </summary>
/// <remarks>Alone: the memory it watches is that of the whole process.</remarks>
[Collection(nameof(Alone))]
[Trait("height", "embedded")]
public sealed class FuzzTests
{
    private const int Cases = 20_000;

    /// <summary>
    /// Calls under way at once. Most of their time is waiting: to forget a user is a commit of its own, one after the other.
    /// </summary>
    private const int Workers = 64;

    private const int Kept = 20;
    private const int Told = 20_000;

    /// <summary>Of managed memory, beyond what a hundredth of the cases left behind.</summary>
    private const long MostGrowth = 64L * 1024 * 1024;

    private static readonly Dictionary<string, string?> Settings = new()
    {
        ["Ranking:Browse:MoveTimeout"] = "00:00:00.100",
        ["Ranking:Streams:MaxAge"] = "00:00:00.100",
        ["Ranking:Serving:AsOfTimeout"] = "00:00:00.020",

        // A machine that is busy with something else is no fault: the long run must share one.
        ["Ranking:Serving:RequiredStoreTimeout"] = "00:01:00",
        ["Redis:AttemptTimeout"] = "00:00:30",
        ["Redis:TotalTimeout"] = "00:01:00",
    };

    [Fact]
    public async Task AnyCall_OfAnyKind_IsAnsweredInWords()
    {
        var (cases, seed, from) = (Number("STRATA_FUZZ_CASES", Cases), Number("STRATA_FUZZ_SEED", 1), Number("STRATA_FUZZ_FROM", 0));
        var token = TestContext.Current.CancellationToken;
        using var errors = new ErrorLines();
        await using var system = await LocalSystem.StartAsync(
            new LocalSettings { Port = 0, Overrides = Settings }, logging => logging.ClearProviders().AddProvider(errors), token);
        await system.ReadyAsync(_ => { }, token);
        await PutItemsAsync(system, token);
        var findings = new ConcurrentQueue<string>();
        var answers = new ConcurrentDictionary<string, int>();
        await RunAsync(system, seed, from, from + (cases / 100), findings, answers, token);
        var before = GC.GetTotalMemory(forceFullCollection: true);

        await RunAsync(system, seed, from + (cases / 100), from + cases, findings, answers, token);

        var growth = GC.GetTotalMemory(forceFullCollection: true) - before;
        TestContext.Current.SendDiagnosticMessage(
            "{0:N0} cases of seed {1} from {2:N0} on: {3} findings, {4} errors logged, memory grew by {5:N0} bytes",
            cases, seed, from, findings.Count, errors.Lines.Count, growth);
        TestContext.Current.SendDiagnosticMessage(
            "answers: {0}", string.Join(", ", answers.OrderBy(answer => answer.Key).Select(answer => $"{answer.Key} {answer.Value:N0}")));
        Assert.True(findings.IsEmpty, string.Join("\n\n", findings.Take(Kept)));
        Assert.Empty(errors.Lines);
        Assert.InRange(growth, long.MinValue, MostGrowth);
    }

    private static async Task RunAsync(
        LocalSystem system,
        int seed,
        int from,
        int to,
        ConcurrentQueue<string> findings,
        ConcurrentDictionary<string, int> answers,
        CancellationToken cancellationToken)
    {
        var next = from - 1;
        await Task.WhenAll(Enumerable.Range(0, Workers).Select(_ => Task.Run(
            async () =>
            {
                using var calls = new FuzzCalls(system.Addresses.Http, system.Addresses.Grpc, answers);
                for (int index; (index = Interlocked.Increment(ref next)) < to && findings.Count < Kept;)
                {
                    if (await calls.CallAsync(unchecked((seed * 31_337_017) + index), cancellationToken) is { } finding)
                    {
                        findings.Enqueue($"case {index}: {finding}");
                        TestContext.Current.SendDiagnosticMessage("case {0}: {1}", index, finding);
                    }

                    if (index % Told == 0)
                    {
                        TestContext.Current.SendDiagnosticMessage("{0:N0} cases", index);
                    }
                }
            },
            cancellationToken)));
    }

    private static async Task PutItemsAsync(LocalSystem system, CancellationToken cancellationToken)
    {
        using var channel = Grpc.Net.Client.GrpcChannel.ForAddress(system.Addresses.Grpc);
        var put = new PutItemsRequest();
        string[] ids = ["item-1", "item-2", "item-3", "sku/7"];
        put.Items.AddRange(ids.Select(id => new Item { ItemId = id, Title = $"Title of {id}" }));
        await new IngestionClient(channel).PutItemsAsync(put, cancellationToken: cancellationToken);
    }

    private static int Number(string variable, int usual)
        => int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var number) ? number : usual;

    /// <summary>Keeps what was logged as Error or worse.</summary>
    private sealed class ErrorLines : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<string> Lines { get; } = new();

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel) && Lines.Count < Kept)
            {
                Lines.Enqueue($"{formatter(state, exception)} {exception}");
            }
        }

        public void Dispose()
        {
        }
    }
}
