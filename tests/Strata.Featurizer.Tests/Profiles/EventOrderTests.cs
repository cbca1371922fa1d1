using CsCheck;
using Google.Protobuf;
using Strata.Contracts.Common.V1;
using Strata.Contracts.Events.V1;
using Strata.Contracts.State.V1;
using Strata.Featurizer.Profiles.Core;

namespace Strata.Featurizer.Tests.Profiles;

/// <summary>
/// The order in which a user's events arrive makes no difference to their profile, as long as none is more than a week late, their times
/// differ and no list is full. Left out is what says where in the log something stood: offsets, and the order of the ids seen.
/// </summary>
[Trait("height", "unit")]
public sealed class EventOrderTests
{
    private const long Start = 1_700_000_000_000;
    private const long Week = 7 * 86_400_000L;

    private static readonly EventKind[] Kinds =
    [
        EventKind.View, EventKind.Click, EventKind.Like, EventKind.Cart, EventKind.Purchase, EventKind.Dismiss, EventKind.Dismiss,
        EventKind.Search,
    ];

    [Fact]
    public void Apply_AnyOrder_GivesTheSameProfile()
        => Gen.Int[0, 1_000_000].Sample(
            seed =>
            {
                var random = new Random(seed);
                var acts = Draw(random);

                var inOrder = Fold([.. acts.OrderBy(act => act.TimeUnixMs)]);
                random.Shuffle(acts);
                var shuffled = Fold(acts);

                AssertSame(inOrder, shuffled);
            },
            iter: 2_000);

    private static ProfileAct[] Draw(Random random)
        =>
        [
            .. Enumerable.Range(0, random.Next(2, 25)).Select(i =>
            {
                var kind = Kinds[random.Next(Kinds.Length)];
                var subject = kind == EventKind.Search ? $"query {random.Next(3)}" : $"item{random.Next(8)}";
                return new ProfileAct(
                    i,
                    (ulong)i + 1,
                    kind,
                    Start + (random.NextInt64(Week / 32) * 32) + i,
                    kind == EventKind.Search ? "" : subject,
                    kind == EventKind.Search ? subject : "",
                    [new TermWeight { Term = subject, Weight = .4f }, new TermWeight { Term = "shared", Weight = .1f }],
                    new Vector { Scale = subject.Length });
            }),
        ];

    private static Profile Fold(ProfileAct[] acts)
    {
        var options = new ProfilesOptions();
        var (profile, step, influence) = (new Profile(), new ProfileStep(options), new UserInfluence(options));
        for (var i = 0; i < acts.Length; i++)
        {
            var act = acts[i] with { Offset = i };
            influence.IsUserOnly(profile, "user", act);
            step.Apply(profile, act);
        }

        return profile;
    }

    private static void AssertSame(Profile expected, Profile actual)
    {
        Assert.Equal(Exact(expected), Exact(actual));
        Assert.Equal(expected.Seen.Select(seen => seen.IdHash).Order(), actual.Seen.Select(seen => seen.IdHash).Order());
        Assert.Equal(expected.Points, actual.Points, Near);
        Assert.Equal(expected.Items.Select(item => item.Count), actual.Items.Select(item => item.Count), Near);
        var (weights, others) = (Weights(expected), Weights(actual));
        Assert.All(
            weights.Keys.Union(others.Keys),
            term => Assert.Equal(weights.GetValueOrDefault(term), others.GetValueOrDefault(term), Near));
    }

    // Sums are floats, rounded at each step.
    private static bool Near(float a, float b) => Math.Abs(a - b) <= 1e-5f;

    private static Dictionary<string, float> Weights(Profile profile)
        => profile.Terms.ToDictionary(term => term.Term, term => term.Weight, StringComparer.Ordinal);

    // All that is no sum and no position in the log.
    private static ByteString Exact(Profile profile)
    {
        var exact = profile.Clone();
        exact.Points = 0;
        exact.Terms.Clear();
        exact.Seen.Clear();
        foreach (var item in exact.Items)
        {
            (item.Offset, item.Count) = (0, 0);
        }

        return exact.ToByteString();
    }
}
