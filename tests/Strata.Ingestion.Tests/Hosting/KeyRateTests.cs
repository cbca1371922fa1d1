using System.Net;
using System.Text;
using Grpc.Core;
using Strata.Contracts;
using Strata.Contracts.Events.V1;
using Strata.Contracts.Ingestion.V1;
using Strata.ServiceDefaults.Access;
using IngestionClient = Strata.Contracts.Ingestion.V1.Ingestion.IngestionClient;

namespace Strata.Ingestion.Tests.Hosting;

/// <summary>One key's flood of calls: refused, or read no faster, and no other key's matter.</summary>
[Trait("height", "harness")]
public sealed class KeyRateTests : IAsyncLifetime
{
    private const int Burst = 20;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("strata-key-rates-");
    private string _oneText = "";
    private IngestionApp _app = null!;
    private IngestionClient _one = null!;
    private IngestionClient _other = null!;
    private int _sent;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var file = Path.Combine(_folder.FullName, "keys.json");
        (var one, _oneText) = ApiKey.Create("one", [Scopes.Events], null);
        var (other, otherText) = ApiKey.Create("other", [Scopes.Events], null);
        ApiKeyFile.Write(file, [one, other]);
        _app = await IngestionApp.StartAsync(new()
        {
            ["Access:KeysFile"] = file,
            ["Rates:KeyCallsPerSecond"] = "5",
            ["Rates:KeyCallBurst"] = $"{Burst}",
        });
        _one = new IngestionClient(_app.Channel.WithKey(_oneText));
        _other = new IngestionClient(_app.Channel.WithKey(otherText));
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task PublishEvent_FloodWithOneKey_IsExhaustedAndAnotherIsNot()
    {
        RpcException? refused = null;
        for (var call = 0; refused is null && call < 100 * Burst; call++)
        {
            try
            {
                await _one.PublishEventAsync(Search(), cancellationToken: Cancel);
            }
            catch (RpcException fault)
            {
                refused = fault;
            }
        }

        await _other.PublishEventAsync(Search(), cancellationToken: Cancel);

        Assert.Equal(StatusCode.ResourceExhausted, refused!.StatusCode);
        Assert.Contains("authorization", refused.Status.Detail, StringComparison.Ordinal);
        Assert.True(_app.Publisher.Messages.Count >= Burst);
    }

    [Fact]
    public async Task PublishBatch_WithOneKey_CountsAsItsEvents()
    {
        var batch = new PublishBatchRequest();
        batch.Events.AddRange(Enumerable.Range(0, Burst).Select(_ => Search().Event));

        await _one.PublishBatchAsync(batch, cancellationToken: Cancel);
        var second = await Assert.ThrowsAsync<RpcException>(
            () => _one.PublishBatchAsync(batch, cancellationToken: Cancel).ResponseAsync);

        Assert.Equal(StatusCode.ResourceExhausted, second.StatusCode);
        Assert.Equal(Burst, _app.Publisher.Messages.Count);
    }

    [Fact]
    public async Task PublishBatch_OfMoreThanIsTakenAtOnce_IsTakenAsABucketfull()
    {
        var batch = new PublishBatchRequest();
        batch.Events.AddRange(Enumerable.Range(0, 2 * Burst).Select(_ => Search().Event));

        var answer = await _one.PublishBatchAsync(batch, cancellationToken: Cancel);

        Assert.All(answer.Results, result => Assert.NotNull(result.Accepted));
    }

    [Fact]
    public async Task Lines_OfMoreThanIsTakenAtOnce_AreTakenAsABucketfull()
    {
        var lines = string.Join('\n', Enumerable.Range(0, 2 * Burst)
            .Select(number => $$"""{"userId":"u","kind":"SEARCH","query":"q {{number}}"}"""));
        HttpStatusCode[] answers = [await PostAsync(lines), await PostAsync(lines)];

        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.TooManyRequests], answers);
        Assert.Equal(2 * Burst, _app.Publisher.Messages.Count);

        async Task<HttpStatusCode> PostAsync(string body)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/events:batch")
            {
                Content = new StringContent(body, Encoding.UTF8, "application/x-ndjson"),
                Headers = { { "x-api-key", _oneText } },
            };
            using var answer = await _app.Http.SendAsync(request, Cancel);
            return answer.StatusCode;
        }
    }

    [Fact]
    public async Task PublishEvents_FloodInAStream_IsReadNoFasterAndRefusedNowhere()
    {
        const int Messages = Burst + 10;
        using var call = _one.PublishEvents(cancellationToken: Cancel);
        for (var i = 0; i < Messages; i++)
        {
            await call.RequestStream.WriteAsync(Search(), Cancel);
        }

        await call.RequestStream.CompleteAsync();
        var accepted = 0;
        await foreach (var answer in call.ResponseStream.ReadAllAsync(Cancel))
        {
            accepted += answer.Accepted is null ? 0 : 1;
        }

        // Calls at once, which a bucket that nobody had emptied would take.
        var calls = await Task.WhenAll(Enumerable.Range(0, Burst).Select(_ => StatusAsync()));
        Assert.Equal(Messages, accepted);
        Assert.Contains(StatusCode.ResourceExhausted, calls);
    }

    private async Task<StatusCode> StatusAsync()
    {
        try
        {
            await _one.PublishEventAsync(Search(), cancellationToken: Cancel);
            return StatusCode.OK;
        }
        catch (RpcException fault)
        {
            return fault.StatusCode;
        }
    }

    private PublishEventRequest Search()
        => new()
        {
            Event = new UserEvent { UserId = "u", Kind = EventKind.Search, Query = $"red shoes {Interlocked.Increment(ref _sent)}" },
        };
}
