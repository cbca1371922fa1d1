using System.Buffers.Binary;
using System.Net;
using Google.Protobuf;
using Strata.Contracts.Catalog.V1;
using Strata.Contracts.Ingestion.V1;
using Strata.Contracts.Ranking.V1;

namespace Strata.Client.Tests;

[Trait("height", "unit")]
public sealed class StrataClientTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Call_WithAKey_CarriesItToTheServiceThatAnswers()
    {
        using var wire = new Wire(_ => new RecommendResponse { RequestId = "r" });
        using var client = new StrataClient(new StrataClientOptions
        {
            IngestionAddress = new Uri("https://in.example.org"),
            RankingAddress = new Uri("https://out.example.org"),
            ApiKey = "strata_1234",
            HttpHandler = wire,
        });

        var slate = await client.Ranking.RecommendAsync(new RecommendRequest { UserId = "ann" }, cancellationToken: Cancel);

        Assert.Equal("r", slate.RequestId);
        var request = Assert.Single(wire.Requests);
        Assert.Equal(new Uri("https://out.example.org/strata.ranking.v1.Ranking/Recommend"), request.RequestUri);
        Assert.Equal(["Bearer strata_1234"], request.Headers.GetValues("authorization"));
    }

    [Theory]
    [InlineData("http://strata.example.org", false, false)]
    [InlineData("http://strata.example.org", true, true)]
    [InlineData("http://localhost:5081", false, true)]
    [InlineData("https://strata.example.org", false, true)]
    public void Key_InPlainText_LeavesNoMachineUnasked(string address, bool allowed, bool made)
    {
        var options = new StrataClientOptions { Address = new Uri(address), ApiKey = "strata_1234", AllowKeyWithoutTls = allowed };

        var fault = Record.Exception(() => new StrataClient(options).Dispose());

        Assert.Equal(made, fault is null);
        Assert.True(made || fault!.Message.Contains("https", StringComparison.Ordinal));
    }

    [Fact]
    public void Address_ThatIsMissing_IsAskedFor()
        => Assert.Contains(
            nameof(StrataClientOptions.Address),
            Assert.Throws<ArgumentException>(() => new StrataClient(new StrataClientOptions())).Message,
            StringComparison.Ordinal);

    [Fact]
    public async Task Items_AreManyOrLarge_GoInSeveralCalls()
    {
        using var wire = new Wire(body => new PutItemsResponse { Count = (uint)PutItemsRequest.Parser.ParseFrom(body).Items.Count });
        using var client = new StrataClient(new StrataClientOptions { Address = new Uri("https://example.org"), HttpHandler = wire });
        var small = Enumerable.Range(0, 1_001).Select(number => new Item { ItemId = $"item-{number}" });
        var large = Enumerable.Range(0, 3).Select(number => new Item { ItemId = $"large-{number}", Description = new('x', 600_000) });

        var count = await client.Items.PutAsync(small.Concat(large), Cancel);

        Assert.Equal(1_004, count);
        Assert.Equal(4, wire.Requests.Count);
    }

    /// <summary>Answers each call over HTTP/2 with one message.</summary>
    private sealed class Wire(Func<byte[], IMessage> answer) : HttpMessageHandler
    {
        private const int Prefix = 5;

        public List<HttpRequestMessage> Requests { get; } = [];

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Requests.Add(request);
            var body = await request.Content!.ReadAsByteArrayAsync(cancellationToken);
            var message = answer(body[Prefix..]).ToByteArray();
            var frame = new byte[Prefix + message.Length];
            BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), message.Length);
            message.CopyTo(frame, Prefix);
            var response = new HttpResponseMessage(HttpStatusCode.OK)
            {
                Version = HttpVersion.Version20,
                Content = new ByteArrayContent(frame),
                RequestMessage = request,
            };
            response.Content.Headers.ContentType = new("application/grpc");
            response.TrailingHeaders.Add("grpc-status", "0");
            return response;
        }
    }
}
