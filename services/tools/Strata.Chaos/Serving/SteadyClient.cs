using System.Collections.Concurrent;
using System.Diagnostics;
using Grpc.Core;
using Strata.Chaos.Load;
using Strata.Chaos.Promises;
using Strata.Chaos.Stack;
using Strata.Contracts.Ranking.V1;
using RankingClient = Strata.Contracts.Ranking.V1.Ranking.RankingClient;

namespace Strata.Chaos.Serving;

/// <summary>
/// Asks for slates at a steady rate, whether the last one has come or not, and turns to another Ranking when one says that it cannot: as a
/// shop's page does behind a balancer. Looks at each slate as <see cref="SlateClient"/> does.
/// </summary>
internal sealed class SteadyClient(Fleet fleet, ViolationLog violations, int seed, int perSecond)
{
    /// <summary>In which a call must be answered, all attempts together.</summary>
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(2);

    /// <summary>After which another Ranking is asked, as a retry policy has it.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(600);

    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(20);

    private readonly SlateClient _looks = new(fleet, violations, seed);
    private readonly Random _random = new(seed);
    private ConcurrentQueue<Answer> _answers = new();

    /// <summary>Asks until it is cancelled; calls under way are waited for.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        string[] users = [.. Shoppers.Users, "nobody"];
        var calls = new List<Task>();
        var started = Stopwatch.GetTimestamp();
        for (var number = 0L; !cancellationToken.IsCancellationRequested; number++)
        {
            // By the clock: a timer that comes late must not make the rate less.
            var due = TimeSpan.FromSeconds((double)number / perSecond) - Stopwatch.GetElapsedTime(started);
            if (due > TimeSpan.Zero)
            {
                await Task.Delay(due, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            var (user, first) = (users[_random.Next(users.Length)], _random.Next(60));
            calls.Add(Task.Run(() => CallAsync(user, first), CancellationToken.None));
            calls.RemoveAll(call => call.IsCompletedSuccessfully);
        }

        await Task.WhenAll(calls);
    }

    /// <summary>What came since the last time that it was asked.</summary>
    public IReadOnlyList<Answer> Take() => [.. Interlocked.Exchange(ref _answers, new ConcurrentQueue<Answer>())];

    private async Task CallAsync(string user, int first)
    {
        var instances = fleet.Of("Ranking");
        var started = Stopwatch.GetTimestamp();
        var began = TimeProvider.System.GetUtcNow();
        var fault = "";
        for (var attempt = 0; Stopwatch.GetElapsedTime(started) < Deadline; attempt++)
        {
            var ranking = instances[(first + attempt) % instances.Count];
            var left = Deadline - Stopwatch.GetElapsedTime(started);
            var deadline = TimeProvider.System.GetUtcNow().UtcDateTime + (left < Patience ? left : Patience);
            try
            {
                var slate = await new RankingClient(ranking.Channel).RecommendAsync(
                    new RecommendRequest { UserId = user }, deadline: deadline);
                _looks.Look(ranking.Name, user, slate);
                _answers.Enqueue(new Answer(
                    began, Stopwatch.GetElapsedTime(started), attempt, slate.Items.Count == 0 ? "empty" : null, slate.Degraded.Count > 0));
                return;
            }
            catch (RpcException refused)
            {
                fault = $"{ranking.Name}: {refused.StatusCode}: {refused.Status.Detail}";
                if ((attempt + 1) % instances.Count == 0)
                {
                    await Task.Delay(Between);
                }
            }
        }

        _answers.Enqueue(new Answer(began, Stopwatch.GetElapsedTime(started), 0, fault, false));
    }
}

/// <summary>How a call ended.</summary>
/// <param name="Began">When.</param>
/// <param name="Took">From the call to its slate, all attempts.</param>
/// <param name="Again">Attempts at other instances before.</param>
/// <param name="Fault">Why there was no slate with items; null: there was.</param>
/// <param name="Degraded">It said that something was away.</param>
internal sealed record Answer(DateTimeOffset Began, TimeSpan Took, int Again, string? Fault, bool Degraded);
