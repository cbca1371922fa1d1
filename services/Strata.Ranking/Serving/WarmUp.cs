using System.Diagnostics;
using Google.Protobuf;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using Strata.Contracts.State.V1;
using Strata.Ranking.Candidates.Requests;
using Strata.Ranking.Index.Core;
using Strata.Ranking.Queries;
using Strata.Ranking.Scoring.Core;
using Strata.Ranking.Serving.Core;
using Strata.Ranking.Slates;
using Strata.Ranking.Users;
using Strata.Ranking.Users.Core;

namespace Strata.Ranking.Serving;

/// <summary>
/// Makes slates that nobody sees once the tables are read, and asks what a query means, so that the first callers do not wait for code to
/// be compiled, here and at the Featurizer, and for connections to be made. Not ready before it is over; whatever keeps it from its work,
/// that is <see cref="Longest"/> after the tables are read.
/// </summary>
internal sealed class WarmUp(
    Catalogue catalogue,
    CurrentPolicy policies,
    Recommender recommender,
    UserReader users,
    IQueryTexts texts,
    IOptions<SlateOptions> slates,
    TimeProvider time,
    ILogger<WarmUp> logger) : BackgroundService, IHealthCheck
{
    public const string HealthCheck = "warm-up";

    /// <summary>Nobody's id: what would be read of them is absent.</summary>
    public const string User = "strata-warm-up";

    /// <summary>Slates: twice the thirty calls after which the runtime compiles a method anew, with and without a history.</summary>
    public const int Slates = 64;

    /// <summary>After which calls are answered, however slowly.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    /// <summary>Reads of the store: the first make its connection.</summary>
    private const int Reads = 8;

    /// <summary>Queries: the first connects, and runs the encoder for the first time, which takes longer than a caller waits.</summary>
    private const int Queries = 2;

    /// <summary>Items that somebody with a history has, and items of a slate.</summary>
    private const int Items = 12;

    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(50);

    private volatile bool _isOver;

    /// <summary>Slates that were made.</summary>
    public int Made { get; private set; }

    /// <summary>True once what is served from memory has been read.</summary>
    public bool TablesAreRead => catalogue.IsComplete && policies.IsComplete && users.IsReady;

    /// <summary>True once calls are answered quickly, as far as that is known.</summary>
    public bool IsOver => _isOver;

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        => Task.FromResult(_isOver
            ? HealthCheckResult.Healthy("slates are made")
            : HealthCheckResult.Unhealthy(TablesAreRead ? "makes its first slates" : "waits for catalogue, policy and consents"));

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!TablesAreRead)
        {
            await Task.Delay(Between, time, stoppingToken);
        }

        using var budget = new CancellationTokenSource(Longest, time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken, budget.Token);
        var began = Stopwatch.GetTimestamp();
        try
        {
            for (; Made < Slates && !end.IsCancellationRequested; Made++)
            {
                if (Made < Reads)
                {
                    await users.ReadAsync(User, asOf: null, end.Token);
                }

                if (Made < Queries)
                {
                    await texts.DescribeAsync(User, end.Token);
                }

                MakeSlate(Made);
            }
        }
        catch (OperationCanceledException) when (budget.IsCancellationRequested)
        {
            // the store is slow: slates are made without it
        }
        catch (Exception fault) when (!stoppingToken.IsCancellationRequested)
        {
            logger.WarmUpFailed(fault); // what is made up here must not keep anybody from a slate of their own
        }

        _isOver = true;
        logger.Warm(Made, Stopwatch.GetElapsedTime(began).TotalMilliseconds);
    }

    private void MakeSlate(int number)
    {
        var moment = recommender.Now;
        var wallClock = time.GetUtcNow();
        var user = number % 2 == 0 ? UserState.Unknown : Somebody(moment.View, number, wallClock);
        var constraints = new RequestConstraints(CreatedByMs: wallClock.ToUnixTimeMilliseconds());
        using var request = recommender.Rank(moment, user, constraints, StreamTime.NowMs(moment.View, user, wallClock));
        var layers = LayerDistribution.For(request, request.User, moment.Policy, slates.Value);
        var random = SlateSeed.RandomOf(User);
        var slate = SlateBuilder.Build(request, layers, Items, slates.Value.Exploration, slates.Value, random);
        Recommendation.Describe(request, moment.Policy, layers, slate, User).ToByteArray();
    }

    /// <summary>Somebody who touched items all over the catalogue, searched, and weighs on layers.</summary>
    private static UserState Somebody(CatalogueView view, int number, DateTimeOffset now)
    {
        var profile = new Profile { LastEventUnixMs = now.ToUnixTimeMilliseconds() };
        var weights = new UserLayers { AsOfUnixMs = profile.LastEventUnixMs };
        for (var k = 0; k < Math.Min(Items, view.Count); k++)
        {
            var item = (int)((number + ((long)k * view.Count / Items)) % view.Count);
            profile.Items.Add(new ProfileItem
            {
                ItemId = view.Items.Ids[item],
                LastUnixMs = profile.LastEventUnixMs,
                Kinds = 1 << 2,
                Count = 1,
            });
            if (profile.Queries.Count == 0 && view.Items.Features[item] is { Embedding: { } vector } features)
            {
                profile.Queries.Add(
                    new ProfileQuery { Text = features.Title, TimeUnixMs = profile.LastEventUnixMs, Vector = vector, Centred = true });
            }
        }

        for (var slot = 0; slot < Math.Min(Items, view.Layers.Count); slot++)
        {
            weights.LayerIds.Add(view.Layers.IdOf(slot));
            weights.LongWeights.Add(1);
            weights.ShortWeights.Add(1);
        }

        return new UserState(profile, weights);
    }
}
