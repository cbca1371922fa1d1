using System.Text.RegularExpressions;
using Strata.Contracts.Events.V1;
using Strata.Contracts.Features.V1;
using Strata.Contracts.Ranking.V1;
using Strata.Contracts.State.V1;
using Strata.Numerics;
using Strata.Ranking.Explanations;
using Strata.Ranking.Index.Items;
using Strata.Ranking.Slates;

namespace Strata.Ranking.Tests.Explanations;

/// <summary>Reasons of random users in a random shop, each held against what the test knows to be so.</summary>
[Trait("height", "unit")]
public sealed class TrueReasonsTests
{
    private const int Users = 1_000;
    private const int Items = 150;
    private const int Dimensions = 6;

    private readonly Random _random = new(11);
    private readonly World _world = new();
    private readonly Dictionary<string, ItemFeatures> _features = [];
    private readonly Dictionary<string, int> _told = [];

    [Fact]
    public void ReasonFor_AThousandRandomUsers_NoneIsRefuted()
    {
        Fill();
        for (var user = 0; user < Users; user++)
        {
            var profile = Draw();
            var passed = World.PassedOver([.. Enumerable.Range(0, Items).Where(_ => _random.Next(4) == 0)
                .Select(n => ($"i{n}", 6 * _random.NextSingle()))]);
            using var request = _world.Rank(profile, outcomes: passed);
            var policy = _world.Policies.Current;
            var layers = LayerDistribution.For(request.View, request.History, request.User, policy, new SlateOptions(), request.NowMs);
            foreach (var placed in SlateBuilder.Build(request, layers, 10, 0.1, World.Slates(0.05), new Random(user)))
            {
                var explanation = Explainer.Explain(request, policy, placed.Candidate);
                var reason = Explainer.ReasonFor(request, policy, placed.Candidate, explanation, placed.Exploration);
                var item = _world.View.Items.Ids[placed.Item];

                Assert.True(
                    Holds(reason, item, profile, passed), $"user {user}, {item}: {reason.Text} ({string.Join(", ", reason.BecauseOf)})");
            }
        }

        // Every sentence was there to be refuted.
        Assert.True(_told.Count >= 8 && _told["passed over"] > 100, string.Join(", ", _told.Select(pair => $"{pair.Key} {pair.Value}")));
    }

    private bool Holds(Reason reason, string item, Profile profile, UserPolicy passed)
    {
        if (Regex.Match(reason.Text, "^(.+); shown to you ([0-9]+) times without your choosing it$") is { Success: true } shown)
        {
            var (without, times) = (reason.Clone(), passed.PassedOver.Single(known => known.ItemId == item).Slates);
            without.Text = shown.Groups[1].Value;
            return Told("passed over", times >= 2 && $"{times}" == shown.Groups[2].Value && reason.Contributions.Any(part => part.Value < 0
                && part.Feature == "fatigue") && profile.Items.All(own => own.ItemId != item)) && Holds(without, item, profile, passed);
        }

        var text = reason.Text.Split("; layer:")[0];
        var activity = _world.View.Items.Activity[_world.View.IndexOf(item)];
        if (reason.Exploration)
        {
            return Told("Something different", text.StartsWith("Something different to try", StringComparison.Ordinal));
        }

        if (Regex.Match(text, "^Because you searched for “(.+)”$") is { Success: true } search)
        {
            var query = profile.Queries.Single(asked => asked.Text == search.Groups[1].Value);
            return Told("searched", World.NowMs - query.TimeUnixMs <= World.DayMs && Cosine(item, query.Vector) >= 0.24f);
        }

        if (Regex.Match(text, "^(Because you (.+?)|Often chosen (together with|after)) «(.+)»$") is { Success: true } named)
        {
            var own = profile.Items.Single(entry => entry.ItemId == Assert.Single(reason.BecauseOf));
            var seen = _features[own.ItemId].TitleSinceUnixMs <= own.LastUnixMs && _features[own.ItemId].Title == named.Groups[4].Value;
            var dismissed = (own.Kinds & (1u << (int)EventKind.Dismiss)) != 0;
            var ownActivity = _world.View.Items.Activity[_world.View.IndexOf(own.ItemId)];
            var number = _world.View.IndexOf(item);
            var borneOut = named.Groups[3].Value switch
            {
                "together with" => ownActivity.CoVisited.IndexOf(number) is >= 0 and var n && ownActivity.CoVisits[n] >= 3
                    && MoreThanPopular(ownActivity.CoVisited, ownActivity.CoVisits, n),
                "after" => ownActivity.Followers.IndexOf(number) is >= 0 and var n && ownActivity.Transitions[n] >= 3
                    && MoreThanPopular(ownActivity.Followers, ownActivity.Transitions, n),
                _ => Cosine(item, _features[own.ItemId].Embedding) >= (SlotOf(item) == SlotOf(own.ItemId) ? .35f : .6f)
                    && Did(own, named.Groups[2].Value),
            };
            return Told(named.Groups[3].Success ? named.Groups[3].Value : "like", seen && !dismissed && borneOut);
        }

        return text switch
        {
            "You had it before" => false,
            _ when text.StartsWith("Popular now in ", StringComparison.Ordinal)
                => Told("trending", Popular(HalfLives.Week) && profile.Items.Any(own => SlotOf(own.ItemId) == SlotOf(item))),
            _ when text.StartsWith("Popular today", StringComparison.Ordinal) => Told("today", Popular(HalfLives.Day)),
            _ when text.StartsWith("Popular this week", StringComparison.Ordinal) => Told("week", Popular(HalfLives.Week)),
            _ when text.StartsWith("Popular with others", StringComparison.Ordinal) => Told("others", Popular(HalfLives.Ever)),
            _ when text.StartsWith("New", StringComparison.Ordinal)
                => Told("new", _features[item].CreatedUnixMs is > 0 and var born && World.NowMs - born < 30 * World.DayMs),
            _ => Told("catalogue", text.StartsWith("From the catalogue", StringComparison.Ordinal)),
        };

        bool Popular(int halfLife) => activity.Popularity(halfLife, World.NowMs) >= 3;
    }

    private bool Told(string kind, bool holds)
    {
        _told[kind] = _told.GetValueOrDefault(kind) + 1;
        return holds;
    }

    // Of those who took the neighbour, a larger share took both than on the whole of the neighbours.
    private bool MoreThanPopular(ReadOnlySpan<int> neighbours, ReadOnlySpan<float> counts, int n)
    {
        var touches = neighbours.ToArray().Select(item => _world.View.Items.Activity[item].FirstTouches + 5).ToArray();
        return counts[n] / touches[n] >= (counts.ToArray().Sum() / touches.Sum()) - 1e-6;
    }

    private static bool Did(ProfileItem own, string verb)
    {
        var kind = verb switch
        {
            "bought" => EventKind.Purchase,
            "put in your cart" => EventKind.Cart,
            "liked" => EventKind.Like,
            "looked at" => EventKind.Unspecified,
            _ => throw new ArgumentOutOfRangeException(nameof(verb), verb, "is no act"),
        };
        return kind == EventKind.Unspecified ? own.Kinds != 0 : (own.Kinds & (1u << (int)kind)) != 0;
    }

    private float Cosine(string item, Contracts.Common.V1.Vector vector)
    {
        var (a, b) = (new float[Dimensions], new float[Dimensions]);
        Assert.True(_world.View.Vectors.TryCentre(_features[item].Embedding, a) && _world.View.Vectors.TryCentre(vector, b));
        return VectorMath.Dot(a, b) + 1e-4f;
    }

    private int SlotOf(string item) => _world.View.Assignment.SlotOf(_world.View.IndexOf(item));

    private float[] Direction() => [.. Enumerable.Range(0, Dimensions).Select(_ => (float)(_random.NextDouble() - 0.5))];

    private void Fill()
    {
        for (var n = 0; n < Items; n++)
        {
            // Some titles are of yesterday, some items of last week.
            var features = new ItemFeatures
            {
                ItemId = $"i{n}",
                Title = $"Title {n}",
                Encoder = "test",
                Embedding = World.Encode(Direction()),
                TitleSinceUnixMs = n % 5 == 0 ? World.NowMs - World.DayMs : 0,
                CreatedUnixMs = n % 4 == 0 ? World.NowMs - (_random.Next(1, 60) * World.DayMs) : 0,
            };
            _features[features.ItemId] = features;
            _world.Catalogue.Put(features);
        }

        for (var n = 0; n < Items; n++)
        {
            var popularity = n % 3 == 0 ? 0 : _random.NextDouble() * 6;
            var activity = World.Activity($"i{n}", popularity, firstTouches: _random.Next(1, 40), transitionsOut: 9);
            for (var h = 0; h < activity.Popularity.Count; h++)
            {
                activity.Popularity[h] *= (h + 1.0) / activity.Popularity.Count;
            }

            foreach (var other in Enumerable.Range(0, 6).Select(_ => _random.Next(Items)).Distinct().Where(other => other != n))
            {
                activity.CoVisits.Add(World.Neighbour($"i{other}", 1 + (5 * _random.NextSingle())));
                activity.Transitions.Add(World.Neighbour($"i{other}", 1 + (5 * _random.NextSingle())));
            }

            _world.With(activity);
        }

        _world.With(World.LayerSet(
            1, [], [.. Enumerable.Range(1, 6).Select(id => ((uint)id, Direction(), 1.0))])).Published();
    }

    private Profile Draw()
    {
        var items = Enumerable.Range(0, _random.Next(0, 12)).Select(_ => _random.Next(Items)).Distinct().Select(n => $"i{n}").ToArray();
        var profile = World.Profile(items);
        for (var k = 0; k < profile.Items.Count; k++)
        {
            profile.Items[k].Kinds = 1u << _random.Next(1, 8);
            profile.Items[k].LastUnixMs -= _random.Next(3) * World.DayMs * k;
            profile.Items[k].Forgotten = _random.Next(10) == 0;
        }

        for (var n = _random.Next(0, 3); n > 0; n--)
        {
            profile.Queries.Add(
                new ProfileQuery
                {
                    Text = $"query {n}",
                    Vector = World.Encode(Direction()),
                    TimeUnixMs = World.NowMs - _random.NextInt64(2 * World.DayMs),
                });
        }

        return profile;
    }
}
