using Google.Protobuf;
using Grpc.Core;
using Strata.Contracts;
using Strata.Contracts.Layers.V1;
using Strata.Contracts.Policy.V1;
using Strata.Contracts.Ranking.V1;
using Strata.Contracts.State.V1;
using Strata.Contracts.Users.V1;
using Strata.Edge.Requests;
using Strata.Ranking.Candidates.Requests;
using Strata.Ranking.Index.Layers;
using Strata.Ranking.Scoring.Core;
using Strata.Ranking.Tests.Serving;
using Strata.Ranking.Users.Core;
using Strata.RankingModel;
using Strata.ServiceDefaults.State;
using Strata.Streaming.Records;

namespace Strata.Ranking.Tests.Browse;

/// <summary>Segments: listed, in a user's answers, as a filter, and as a cohort of who has little history.</summary>
[Trait("height", "harness")]
public sealed class SegmentsTests : IDisposable
{
    private readonly World _world = Shop();
    private readonly ServiceWorld _services;

    public SegmentsTests() => _services = new ServiceWorld(_world);

    public void Dispose() => _services.Dispose();

    [Fact]
    public async Task ListSegments_Always_HasTheLargestFirstWithWordsOfTheLayersThatItLikes()
    {
        var response = await _services.Layers.ListSegments(new ListSegmentsRequest(), new ServiceWorld.Call());

        Assert.Equal(3UL, response.Version);
        Assert.Equal([8u, 7u], response.Segments.Select(segment => segment.SegmentId));
        Assert.InRange(response.Users, 950UL, 1050UL);
        Assert.Equal([.75, .25], response.Segments.Select(segment => segment.Share));
        Assert.InRange(response.Segments[0].Users, 700UL, 800UL);
        Assert.Equal(["word2"], response.Segments[0].Words);
        Assert.Equal([2u], response.Segments[0].Layers.Select(layer => layer.LayerId));
    }

    [Fact]
    public async Task Answers_OfAUserWithWeights_SayTheirSegment_AndOfOthersNone()
    {
        PutWeights("east", (1, 3), (2, 1));
        PutWeights("away", (2, -1));

        Assert.Equal(7u, (await SlateAsync("east")).SegmentId);
        Assert.Equal(0u, (await SlateAsync("away")).SegmentId);
        Assert.Equal(0u, (await SlateAsync("nobody")).SegmentId);
        Assert.Equal(7u, (await RowAsync("east")).Segment.SegmentId);
        Assert.Null((await RowAsync("nobody")).Segment);
    }

    [Fact]
    public async Task Answers_OfWhoMutedTheLayerOrTookTheirConsentBack_KnowNothingOfIt()
    {
        PutWeights("mutes", (1, 3), (2, 1));
        var mute = new LayerControl { LayerId = 1, Action = LayerAction.Mute, AskedUnixMs = 1 };
        _services.Put("mutes", new Profile { Controls = { mute } });
        PutWeights("stranger", (1, 3));
        await _services.Consents.ApplyAsync(
            [
                new StreamRecord(
                    Topics.Consents, 0, 0, "stranger", new Consent { UserId = "stranger", Personalise = false }.ToByteArray(), default, []),
            ],
            TestContext.Current.CancellationToken);

        Assert.Equal(8u, (await SlateAsync("mutes")).SegmentId);
        Assert.Equal(0u, (await SlateAsync("stranger")).SegmentId);
    }

    [Fact]
    public async Task RecommendMany_OfASegment_AnswersForItsUsersOnlyAndLogsNothingOfTheOthers()
    {
        PutWeights("east", (1, 1));
        PutWeights("north", (2, 1));
        var sink = new Answers();
        var call = new RecommendManyRequest
        {
            UserIds = { "north", "east", "nobody" },
            SegmentId = 7,
            Slate = new RecommendRequest { LogImpression = true },
        };

        await _services.Ranking.RecommendMany(call, sink, new ServiceWorld.Call());

        Assert.Equal(["east"], sink.Written.Select(answer => answer.UserId));
        Assert.Equal(["east"], _services.Log.Impressions.Select(impression => impression.UserId));
    }

    [Fact]
    public async Task RecommendMany_OfASegmentThatIsNot_SaysWhereThereAreSome()
    {
        var call = new RecommendManyRequest { UserIds = { "u" }, SegmentId = 99 };

        var fault = await Assert.ThrowsAsync<InvalidRequestException>(() => _services.Ranking.RecommendMany(
            call, new Answers(), new ServiceWorld.Call()));

        Assert.Equal(StatusCode.NotFound, fault.Code);
        Assert.Contains("ListSegments", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Rank_WhoHasFewItems_GetsWhatTheirSegmentChooses_AndWhoHasManyDoesNot()
    {
        _world.Policies.Current = RankingPolicy.From(PolicyOf(("segment=7", 5, 95)));
        var layers = new UserLayers { LayerIds = { 1 }, LongWeights = { 1 }, ShortWeights = { 1 } };

        using var few = Rank(World.Profile("e3", "e4"), layers);
        using var many = Rank(World.Profile("e3", "e4", "e5"), layers);
        using var unknown = Rank(World.Profile("e3"), null);

        Assert.Equal("n", World.Ids(few, SourceSchema.Cohort)[0][..1]);
        Assert.True(few.CohortLifts![_world.View.Layers.SlotOf(2)] > 1);
        Assert.Null(many.CohortLifts);
        Assert.Null(unknown.CohortLifts);
    }

    [Fact]
    public void SlotOf_SegmentsOfAnotherEncoder_IsNone()
    {
        var other = new SegmentSet { Set = new LayerSetMarker { Version = 1, Encoder = "other", LayerIds = { 7 } } };
        other.Segments.Add(World.Layer(7, [1, 0]));
        _world.With(new SegmentView(other)).Published();

        Assert.Equal(-1, UserSegment.SlotOf(
            _world.View, new UserLayers { LayerIds = { 1 }, LongWeights = { 1 }, ShortWeights = { 1 } }, LayerControls.None));
    }

    private static World Shop()
    {
        var world = new World();
        for (var i = 0; i < 12; i++)
        {
            world.Item($"e{i}", [1, i * 0.001f]).With(World.Activity($"e{i}", popularity: 25 - i)).Item($"n{i}", [i * 0.001f, 1])
                .With(World.Activity($"n{i}", popularity: 24 - i));
        }

        return world.With(World.LayerSet(1, [], (1, [1, 0], 5), (2, [0, 1], 5)))
            .With(World.Segments(1000, (7, [1, 0], 1), (8, [0, 1], 3))).Published();
    }

    private static Policy PolicyOf((string Name, double First, double Second) cohort)
    {
        var (all, own) = (new Policy.Types.Cohort(), new Policy.Types.Cohort { Name = cohort.Name });
        own.Users = ByteString.CopyFrom(Enumerable.Repeat((byte)255, 32).ToArray());
        all.Layers.Add(new Policy.Types.LayerChoices { LayerId = 1, Chosen = 900 });
        all.Layers.Add(new Policy.Types.LayerChoices { LayerId = 2, Chosen = 100 });
        own.Layers.Add(new Policy.Types.LayerChoices { LayerId = 1, Chosen = cohort.First });
        own.Layers.Add(new Policy.Types.LayerChoices { LayerId = 2, Chosen = cohort.Second });
        return new Policy { Name = "default", Cohorts = { all, own } };
    }

    private RankingRequest Rank(Profile profile, UserLayers? layers) => _world.Recommender.Rank(
        _world.Recommender.Now, new UserState(profile, layers), RequestConstraints.Usual, World.NowMs);

    private void PutWeights(string user, params (uint Layer, float Weight)[] weights)
    {
        var layers = new UserLayers();
        foreach (var (layer, weight) in weights)
        {
            layers.LayerIds.Add(layer);
            layers.LongWeights.Add(weight);
            layers.ShortWeights.Add(weight);
        }

        _services.Store.Values[Keys.UserLayers(user)] = FencedValue.Encode([default], layers.ToByteArray());
    }

    private Task<RecommendResponse> SlateAsync(string user)
        => _services.Recommend(new RecommendRequest { UserId = user, DryRun = true });

    private Task<GetUserLayersResponse> RowAsync(string user)
        => _services.Layers.GetUserLayers(new GetUserLayersRequest { UserId = user }, new ServiceWorld.Call());

    private sealed class Answers : IServerStreamWriter<RecommendManyResponse>
    {
        public List<RecommendManyResponse> Written { get; } = [];

        public WriteOptions? WriteOptions { get; set; }

        public Task WriteAsync(RecommendManyResponse message)
        {
            Written.Add(message);
            return Task.CompletedTask;
        }

        public Task WriteAsync(RecommendManyResponse message, CancellationToken cancellationToken) => WriteAsync(message);
    }
}
