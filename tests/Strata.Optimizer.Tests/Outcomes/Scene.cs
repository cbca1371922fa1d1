using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Strata.Contracts.Events.V1;
using Strata.Contracts.Ranking.V1;
using Strata.Optimizer.Outcomes.Core;
using Strata.RankingModel;

namespace Strata.Optimizer.Tests.Outcomes;

/// <summary>Impressions and events of a morning; times are minutes after its start.</summary>
internal static class Scene
{
    public static DateTimeOffset Start { get; } = new(2026, 3, 1, 8, 0, 0, TimeSpan.Zero);

    public static long At(double minutes) => Start.AddMinutes(minutes).ToUnixTimeMilliseconds();

    public static Impression Impression(string request, string user, double minutes, params string[] items)
    {
        var impression = new Impression
        {
            RequestId = request,
            UserId = user,
            TimeUnixMs = At(minutes),
            Schema = 1,
            Context = 1,
            PolicyVersion = 3,
            Placement = "home-top",
        };
        for (var i = 0; i < items.Length; i++)
        {
            var shown = new Impression.Types.Shown
            {
                ItemId = items[i],
                Position = (uint)i,
                LayerId = (uint)(i % 2) + 1,
                Propensity = 0.5f,
            };
            impression.Shown.Add(shown);
        }

        impression.Beliefs.Add(new Impression.Types.LayerBelief { LayerId = 1, Liked = 0.2f, LikedRate = 0.16f, OtherRate = 0.02f });
        impression.Features = ByteString.CopyFrom(FeatureBytes.Encode([.. items.SelectMany((_, i) => new[] { i, 10 - i, 0.5f })]));

        return impression;
    }

    public static OpenImpression Open(long offset, string request, string user, double minutes, params string[] items)
    {
        var impression = Impression(request, user, minutes, items);
        Assert.True(OpenImpression.TryMake(impression, user, offset, At(minutes), out var open, out var reason), reason);
        return open;
    }

    /// <summary>A slate of a shop that was quiet: the newest event it knew is of <paramref name="minutes"/>, it was served later.</summary>
    public static OpenImpression OpenInQuiet(long offset, string request, string user, double minutes, double served, params string[] items)
    {
        var impression = Impression(request, user, minutes, items);
        impression.ServedUnixMs = At(served);
        Assert.True(OpenImpression.TryMake(impression, user, offset, At(served), out var open, out var reason), reason);
        return open;
    }

    public static UserEvent Act(string user, double minutes, string item, string request = "", EventKind kind = EventKind.Click) => new()
    {
        EventId = $"{user}-{minutes}-{item}",
        UserId = user,
        Kind = kind,
        ItemId = item,
        RequestId = request,
        EventTime = Timestamp.FromDateTimeOffset(Start.AddMinutes(minutes)),
        ReceivedTime = Timestamp.FromDateTimeOffset(Start.AddMinutes(minutes)),
    };
}
