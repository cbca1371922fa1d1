using Google.Protobuf;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Strata.Contracts;
using Strata.Contracts.Policy.V1;
using Strata.Contracts.Ranking.V1;
using Strata.Ranking.Index;
using Strata.Ranking.Index.Core;
using Strata.Ranking.Index.Items;
using Strata.Ranking.Scoring;
using Strata.Ranking.Scoring.Core;
using Strata.Ranking.Tests.Serving;
using Strata.RankingModel;
using Strata.ServiceDefaults.State;
using Strata.Streaming.Tables;
using Strata.Testing.Doubles;
using Strata.Testing.Poison;

namespace Strata.Ranking.Tests.Poison;

/// <summary>Every field of what Ranking holds in memory or reads of a user with what no writer means: every slate is whole.</summary>
[Trait("height", "harness")]
public sealed class PoisonTests : IDisposable
{
    private static readonly DateTimeOffset Time = DateTimeOffset.FromUnixTimeMilliseconds(GoodMessages.TimeMs);

    private readonly InMemoryLog _log = new();
    private readonly OneMeterFactory _meters = new();
    private readonly ServiceWorld _services = new(new World());
    private readonly CatalogueTable _catalogue;
    private readonly PolicyTable _policy;

    public PoisonTests()
    {
        _catalogue = new CatalogueTable(
            _services.World.Catalogue, new ActivityWatermarks(), new IndexMetrics(_meters), NullLogger<CatalogueTable>.Instance);
        _policy = new PolicyTable(
            _services.World.Policies, new PolicyVersions(), Options.Create(new ScoringOptions()), NullLogger<PolicyTable>.Instance);
        _catalogue.CaughtUp();
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _services.Dispose();
        _meters.Dispose();
    }

    [Theory]
    [InlineData(Topics.ItemFeatures)]
    [InlineData(Topics.ItemActivity)]
    [InlineData(Topics.Layers)]
    public async Task Recommend_AfterAnyPoisonInTheCatalogue_GivesAWholeSlate(string topic)
    {
        await FillAsync();
        await ApplyAsync(_policy, Topics.Policy, "default", Learned().ToByteArray());
        var (key, good) = Good(topic);
        foreach (var absurdity in Absurdities.Of(good))
        {
            await ApplyAsync(_catalogue, topic, key, absurdity.Bytes);
            await VouchAsync();
            AssertWhole(await _services.Recommend(new RecommendRequest { UserId = "ann" }), absurdity.ToString());
        }

        Assert.InRange(_log.Skipped.Count(skip => skip.Record.Topic == topic), 10, int.MaxValue);
    }

    [Fact]
    public async Task Activity_NoNumberOrATimeThatNeverComes_LeavesThePopularityOfAll()
    {
        await FillAsync();
        var absurd = World.Activity("i1", popularity: double.NaN, asOfMs: 1L << 62);
        await ApplyAsync(_catalogue, Topics.ItemActivity, "i1", absurd.ToByteArray());
        await VouchAsync();

        var view = _services.World.View;

        Assert.Equal(World.NowMs, view.StreamTimeMs);
        Assert.Equal(3, view.Items.Activity[view.IndexOf("i1")].Popularity(HalfLives.Ever, World.NowMs));
    }

    [Fact]
    public async Task Policy_GarbageBehindAGoodOneInTheSameBatch_LeavesTheGoodOneInForce()
    {
        var good = Learned();
        var records = new[] { _log.Append(Topics.Policy, 0, "default", good, Time) }
            .Concat(_log.AppendAbsurdities(Topics.Policy, 0, "default", good, absurdity => absurdity.IsRefused))
            .ToArray();

        await _policy.ApplyAsync(records, Cancel);

        Assert.Equal(good.Version, _services.World.Policies.Current.Version);
        Assert.Equal(records.Length - 1, _log.Skipped.Count);
    }

    [Fact]
    public async Task Recommend_UnderAnyPoisonousPolicy_GivesAWholeSlate()
    {
        await FillAsync();
        foreach (var absurdity in Absurdities.Of(Learned()))
        {
            await ApplyAsync(_policy, Topics.Policy, "default", absurdity.Bytes);
            AssertWhole(await _services.Recommend(new RecommendRequest { UserId = "ann" }), absurdity.ToString());
        }
    }

    [Fact]
    public async Task Recommend_AnyPoisonInTheUsersValues_GivesAWholeSlateAndSaysSo()
    {
        await FillAsync();
        await ApplyAsync(_policy, Topics.Policy, "default", Learned().ToByteArray());
        (string Key, IMessage Good)[] values =
        [
            (Keys.Profile("ann"), GoodMessages.Profile()),
            (Keys.UserLayers("ann"), GoodMessages.UserLayers()),
            (Keys.UserPolicy("ann"), GoodMessages.UserPolicy()),
        ];
        foreach (var (key, good) in values)
        {
            foreach (var absurdity in Absurdities.Of(good))
            {
                _services.Store.Values[key] = FencedValue.Encode([new Fence(1, 1)], absurdity.Bytes);
                var response = await _services.Recommend(new RecommendRequest { UserId = "ann" });

                AssertWhole(response, absurdity.ToString());
                Assert.Equal(absurdity.IsRefused, response.Degraded.Contains("state-unreadable"));
            }

            _services.Store.Values[key] = [255, 1];
            Assert.Contains("state-unreadable", (await _services.Recommend(new RecommendRequest { UserId = "ann" })).Degraded);
            _services.Store.Values.Remove(key);
        }
    }

    private static (string Key, IMessage Good) Good(string topic)
    {
        switch (topic)
        {
            case Topics.ItemFeatures:
                return ("i1", GoodMessages.Features());
            case Topics.ItemActivity:
                return ("i1", GoodMessages.Activity());
            default:
                return ("layer:1", GoodMessages.Layer());
        }
    }

    private static Policy Learned()
    {
        var policy = GoodMessages.Policy();
        policy.Schema = FeatureSchema.Version;
        Fill(policy.Mean, 1);
        Fill(policy.Variance, 1);
        Fill(policy.Weights, .1);
        foreach (var row in policy.ContextWeights)
        {
            Fill(row.Values, .1);
        }

        Assert.Equal(Contexts.Count, policy.ContextWeights.Count);
        return policy;

        static void Fill(Google.Protobuf.Collections.RepeatedField<double> values, double value)
        {
            values.Clear();
            values.AddRange(Enumerable.Repeat(value, FeatureSchema.Count));
        }
    }

    private static void AssertWhole(RecommendResponse response, string after)
    {
        Assert.True(response.Items.Count > 0, $"empty after {after}");
        Assert.All(response.Items, item =>
        {
            Assert.True(double.IsFinite(item.Score), $"score {item.Score} after {after}");
            Assert.InRange(item.Propensity, 0, 1.0001);
            Assert.InRange(item.Layer.Probability, 0, 1.0001);
            Assert.All(item.Reason.Contributions, part => Assert.True(double.IsFinite(part.Value), $"{part.Feature} after {after}"));
        });
    }

    /// <summary>Eight items of eight dimensions, in two layers.</summary>
    private async Task FillAsync()
    {
        for (var i = 0; i < 8; i++)
        {
            var features = GoodMessages.Features();
            features.ItemId = $"i{i}";
            await ApplyAsync(_catalogue, Topics.ItemFeatures, features.ItemId, features.ToByteArray());
            var activity = World.Activity(features.ItemId, popularity: 3);
            await ApplyAsync(_catalogue, Topics.ItemActivity, features.ItemId, activity.ToByteArray());
        }

        await VouchAsync();
        var other = GoodMessages.Layer();
        (other.LayerId, other.Centroid[0]) = (2, -.35f);
        var marker = GoodMessages.LayerSet();
        marker.LayerIds.Add(2);
        await ApplyAsync(_catalogue, Topics.Layers, "layer:1", GoodMessages.Layer().ToByteArray());
        await ApplyAsync(_catalogue, Topics.Layers, "layer:2", other.ToByteArray());
        await ApplyAsync(_catalogue, Topics.Layers, "set", marker.ToByteArray());
        _services.Put("ann", World.Profile("i2", "i3"));
    }

    private Task VouchAsync() => ApplyAsync(_catalogue, Topics.ItemActivity, "marker:0", GoodMessages.Marker().ToByteArray());

    private async Task ApplyAsync(ITableHandler table, string topic, string key, byte[] value)
    {
        await table.ApplyAsync([_log.Append(topic, 0, key, value, Time)], Cancel);
        if (topic == Topics.Layers && key != "set")
        {
            var marker = GoodMessages.LayerSet();
            marker.LayerIds.Add(2);
            await table.ApplyAsync([_log.Append(topic, 0, "set", marker, Time)], Cancel);
        }
    }
}
