using Google.Protobuf;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Polly;
using Polly.Registry;
using Strata.Contracts;
using Strata.Contracts.Layers.V1;
using Strata.Contracts.Ranking.V1;
using Strata.Contracts.State.V1;
using Strata.Edge.Consents;
using Strata.Edge.Rates;
using Strata.Ranking.Browse;
using Strata.Ranking.Impressions;
using Strata.Ranking.Index.Layers;
using Strata.Ranking.Queries;
using Strata.Ranking.Serving;
using Strata.Ranking.Serving.Arms;
using Strata.Ranking.Serving.Rules;
using Strata.Ranking.Serving.Streams;
using Strata.Ranking.Slates;
using Strata.Ranking.Suggestions;
using Strata.Ranking.Tests.Serving.Streams;
using Strata.Ranking.Users;
using Strata.ServiceDefaults.Pseudonyms;
using Strata.ServiceDefaults.State;
using Strata.Testing.Doubles;

namespace Strata.Ranking.Tests.Serving;

/// <summary>The services over a small world, a store that can be late, and a clock that stands still.</summary>
internal sealed class ServiceWorld : IDisposable
{
    private readonly OneMeterFactory _meters = new();
    private readonly ResiliencePipelineRegistry<string> _pipelines = new();

    public ServiceWorld(World world, bool consentsAreRead = true, Func<World, ServingArms>? experiments = null, RulesRead? rules = null)
    {
        World = world;
        if (consentsAreRead)
        {
            Consents.CaughtUp();
        }

        var options = Options.Create(new UserReaderOptions());
        AddReads(UserReader.Pipeline, options.Value.StoreTimeout);
        AddReads(UserReader.RequiredPipeline, options.Value.RequiredStoreTimeout);
        var reader = new UserReader(
            Store, Consents, UserNames.Plain, _pipelines, options, Clock, new UsersMetrics(new Meters()), NullLogger<UserReader>.Instance);
        var arms = experiments?.Invoke(world) ?? ArmsOf(world);
        Users = reader;
        var metrics = new ServingMetrics(_meters);
        var lookups = new CatalogueLookups(world.Recommender, reader, Texts, arms, metrics, Broker, StoreContact, Clock);
        var typing = new TypingAnswers(Suggestions, world.Recommender, reader, arms, metrics, Broker, StoreContact, Clock);
        var streams = new SlateStreams(
            reader, world.Recommender, Seats, Options.Create(new StreamsOptions()), Lifetime, new StreamsMetrics(_meters, Seats), Clock);
        Ranking = new RankingService(
            arms,
            rules ?? new RulesRead(),
            reader,
            Texts,
            lookups,
            typing,
            new SegmentFilter(reader, world.Catalogue),
            streams,
            Log,
            metrics,
            Broker,
            StoreContact,
            Clock);
        var controls = new LayerControlPublisher(Publisher, UserNames.Plain, Clock);
        var moves = new MoveAnswers(world.Catalogue, Options.Create(new BrowseOptions()), Clock);
        var rates = new UserRates(Options.Create(new RatesOptions()), Clock);
        Layers = new LayersService(world.Catalogue, reader, controls, moves, arms, rates, Clock);
    }

    /// <summary>Nobody is in an experiment.</summary>
    public static ServingArms ArmsOf(World world)
    {
        var usual = new ServingArm(world.Recommender, new SlateOptions(), []);
        return new ServingArms(usual, [], (_, _) => usual);
    }

    public World World { get; }

    public UserConsents Consents { get; } = new(Options.Create(new ConsentOptions()), UserNames.Plain);

    public WatchedClock Clock { get; } = new(DateTimeOffset.FromUnixTimeMilliseconds(Tests.World.NowMs));

    public LateStore Store { get; } = new();

    public RecordingLog Log { get; } = new();

    public SilentBroker Broker { get; } = new();

    public RefusingStore StoreContact { get; } = new();

    public RecordingPublisher Publisher { get; } = new();

    public SaidTexts Texts { get; } = new();

    public CurrentSuggestions Suggestions { get; } = new();

    public StreamSeats Seats { get; } = new(Options.Create(new StreamsOptions()));

    public ApplicationLifetime Lifetime { get; } = new(NullLogger<ApplicationLifetime>.Instance);

    public UserReader Users { get; }

    public RankingService Ranking { get; }

    public LayersService Layers { get; }

    public void Put(string userId, IMessage profile, Fence fence = default)
        => Store.Values[Keys.Profile(userId)] = FencedValue.Encode([fence], profile.ToByteArray());

    public void PutOutcomes(string userId, UserPolicy outcomes)
        => Store.Values[Keys.UserPolicy(userId)] = FencedValue.Encode([default], outcomes.ToByteArray());

    /// <summary>Plays the reducer: moves that are asked for are answered with the next version of the layers.</summary>
    public void AnswerMoves(LayerSetMarker.Types.Change? made, string refusal = "") => Publisher.Acknowledge = (_, _, value) =>
    {
        if (value is LayerCommand { Move: { } move })
        {
            var before = World.Catalogue.Current.Layers;
            var marker = before.Marker.Clone();
            marker.Answers.Add(
                new LayerSetMarker.Types.MoveAnswer { RequestId = move.RequestId, Made = made, Refusal = refusal });
            World.Catalogue.Put(new LayerView(marker, [.. Enumerable.Range(0, before.Count).Select(slot => before[slot]!)]));
            World.Catalogue.Publish();
        }

        return Task.CompletedTask;
    };

    public Task<RecommendResponse> Recommend(RecommendRequest request, string method = "POST")
        => Ranking.Recommend(request, new Call(method));

    private void AddReads(string pipeline, TimeSpan timeout)
        => _pipelines.TryAddBuilder(pipeline, (builder, _) =>
        {
            builder.TimeProvider = Clock;
            builder.AddTimeout(timeout);
        });

    public void Dispose()
    {
        _meters.Dispose();
        _pipelines.Dispose();
    }

    /// <summary>Knows what queries mean as far as it was told.</summary>
    internal sealed class SaidTexts : IQueryTexts
    {
        public Dictionary<string, ProfileQuery> Said { get; } = [];

        public int Asked { get; private set; }

        public ValueTask<ProfileQuery?> DescribeAsync(string query, CancellationToken cancellationToken)
        {
            Asked++;
            return ValueTask.FromResult(Said.GetValueOrDefault(query));
        }
    }

    internal sealed class RecordingLog : IImpressionLog
    {
        public List<Impression> Impressions { get; } = [];

        public bool Explained => true;

        public void Log(Impression impression) => Impressions.Add(impression);
    }

    /// <summary>A call without a deadline.</summary>
    internal sealed class Call : ServerCallContext
    {
        public Call(string method = "POST")
        {
            var http = new DefaultHttpContext();
            http.Request.Method = method;
            UserState["__HttpContext"] = http;
        }

        protected override string MethodCore => "test";

        protected override string HostCore => "test";

        protected override string PeerCore => "test";

        protected override DateTime DeadlineCore => DateTime.MaxValue;

        protected override Metadata RequestHeadersCore { get; } = [];

        protected override CancellationToken CancellationTokenCore => TestContext.Current.CancellationToken;

        protected override Metadata ResponseTrailersCore { get; } = [];

        protected override Status StatusCore { get; set; }

        protected override WriteOptions? WriteOptionsCore { get; set; }

        protected override AuthContext AuthContextCore { get; } = new(null, []);

        protected override ContextPropagationToken CreatePropagationTokenCore(ContextPropagationOptions? options)
            => throw new NotSupportedException();

        protected override Task WriteResponseHeadersAsyncCore(Metadata responseHeaders) => Task.CompletedTask;
    }
}
