using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using Grpc.Core;
using Strata.Contracts.Catalog.V1;
using Strata.Contracts.Events.V1;
using Strata.Contracts.Ingestion.V1;

namespace Strata.Ingestion.Tests.Events;

/// <summary>Calls as no library would send them: every refusal says in JSON, or in a status, what is wrong and what to do.</summary>
[Trait("height", "harness")]
public sealed class RawCallsTests : IAsyncLifetime
{
    private IngestionApp _app = null!;

    public async ValueTask InitializeAsync() => _app = await IngestionApp.StartAsync(
        new Dictionary<string, string?> { ["Ingestion:UnknownItems"] = "Accept" });

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    [Theory]
    [InlineData("DELETE /v1/items/known?note=caf%E9 HTTP/1.1", "note", "is not UTF-8")]
    [InlineData("DELETE /v1/items/known?item_id=%ZZ HTTP/1.1", "item_id", "%25")]
    [InlineData("DELETE /v1/items/known?caf%E9=1 HTTP/1.1", "query", "is not UTF-8")]
    [InlineData("POST /v1/events?event.kind=VIEW HTTP/1.1", "event.kind", "in the body")]
    [InlineData("POST /v1/items?items=x HTTP/1.1", "items", "in the body")]
    public async Task AnyCall_QueryThatCannotBeTaken_NamesTheField(string line, string field, string remedy)
    {
        var answer = await SendAsync(line, "{}");

        Assert.StartsWith("HTTP/1.1 400", answer, StringComparison.Ordinal);
        Assert.Contains($"\"field\": \"{field}\"", answer, StringComparison.Ordinal);
        Assert.Contains(remedy, answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET /v1/nothing HTTP/1.1", 404, "/openapi/v1.json")]
    [InlineData("GET /v1/users//layers HTTP/1.1", 404, "/openapi/v1.json")]
    [InlineData("PATCH /v1/events HTTP/1.1", 404, "/openapi/v1.json")]
    public async Task AnyCall_NoSuchCall_IsToldInWords(string line, int status, string remedy)
    {
        var answer = await SendAsync(line);

        Assert.StartsWith($"HTTP/1.1 {status}", answer, StringComparison.Ordinal);
        Assert.Contains("\"message\"", answer, StringComparison.Ordinal);
        Assert.Contains(remedy, answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("gzip", "not packed so")]
    [InlineData("br", "not packed so")]
    [InlineData("zstd", "send the body as it is")]
    [InlineData("gzip, gzip", "send the body as it is")]
    public async Task PublishEvent_EncodingThatItIsNot_SaysSo(string encoding, string remedy)
    {
        using var content = new ByteArrayContent("""{"userId":"u","kind":"CLICK","itemId":"known"}"""u8.ToArray());
        content.Headers.TryAddWithoutValidation("Content-Encoding", encoding);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");

        using var answer = await _app.Http.PostAsync("/v1/events", content, TestContext.Current.CancellationToken);
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("content-encoding", text, StringComparison.Ordinal);
        Assert.Contains(remedy, text, StringComparison.Ordinal);
        Assert.Empty(_app.Errors);
    }

    /// <summary>What comes before the message: whether it is packed, and its length in four bytes.</summary>
    [Theory]
    [InlineData("", null)] // no message at all
    [InlineData("0000", null)] // a header cut off
    [InlineData("00000000050a", null)] // shorter than it says
    [InlineData("0100000002ffff", "gzip")] // packed, it says
    [InlineData("0100000002ffff", null)] // packed, and nobody said how
    [InlineData("07000000020a00", null)] // a flag that is none
    [InlineData("00000000000000000000", null)] // two messages
    [InlineData("00a100000000", null)] // longer than any
    public async Task PublishEvent_FrameThatIsNone_IsAnInvalidArgument(string frame, string? encoding)
        => Assert.Equal(StatusCode.InvalidArgument, await FrameAsync("PublishEvent", frame, encoding));

    [Theory]
    [InlineData("00000000000100000002ffff", "gzip")]
    [InlineData("000000000000a100000000", null)]
    [InlineData("000000000007000000020a00", null)]
    [InlineData("00000000000000", null)]
    public async Task PublishEvents_FrameThatIsNone_IsAnInvalidArgument(string frames, string? encoding)
        => Assert.Equal(StatusCode.InvalidArgument, await FrameAsync("PublishEvents", frames, encoding));

    private async Task<StatusCode> FrameAsync(string method, string frame, string? encoding)
    {
        using var request = new HttpRequestMessage(
            HttpMethod.Post, $"http://{_app.Channel.Target}/strata.ingestion.v1.Ingestion/{method}")
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(Convert.FromHexString(frame)),
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
        request.Headers.TryAddWithoutValidation("TE", "trailers");
        if (encoding is not null)
        {
            request.Headers.TryAddWithoutValidation("grpc-encoding", encoding);
        }

        using var client = new HttpClient();
        using var answer = await client.SendAsync(request, TestContext.Current.CancellationToken);
        await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        var status = (answer.Headers.TryGetValues("grpc-status", out var early) ? early : answer.TrailingHeaders.GetValues("grpc-status"))
            .Single();

        Assert.Empty(_app.Errors);
        return (StatusCode)int.Parse(status, CultureInfo.InvariantCulture);
    }

    [Fact]
    public async Task AnyCall_ItemLikeAKeyOfOurOwn_IsRefused()
    {
        var token = TestContext.Current.CancellationToken;
        var event_ = new UserEvent { UserId = "u", Kind = EventKind.Click, ItemId = "marker:0" };

        var put = await Assert.ThrowsAsync<RpcException>(
            () => _app.Grpc.PutItemsAsync(
                new PutItemsRequest { Items = { new Item { ItemId = "marker:0", Title = "t" } } }, cancellationToken: token).ResponseAsync);
        var deleted = await Assert.ThrowsAsync<RpcException>(
            () => _app.Grpc.DeleteItemAsync(new DeleteItemRequest { ItemId = "marker:0" }, cancellationToken: token).ResponseAsync);
        var clicked = await Assert.ThrowsAsync<RpcException>(
            () => _app.Grpc.PublishEventAsync(new PublishEventRequest { Event = event_ }, cancellationToken: token).ResponseAsync);

        Assert.All([put, deleted, clicked], fault => Assert.Equal(StatusCode.InvalidArgument, fault.StatusCode));
        Assert.Empty(_app.Publisher.Messages);
    }

    private async Task<string> SendAsync(string line, string body = "")
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync("127.0.0.1", _app.Http.BaseAddress!.Port, TestContext.Current.CancellationToken);
        await using var stream = socket.GetStream();
        var request = Encoding.ASCII.GetBytes(
            $"{line}\r\nHost: localhost\r\nConnection: close\r\nContent-Length: {body.Length}\r\n\r\n{body}");
        await stream.WriteAsync(request, TestContext.Current.CancellationToken);
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
    }
}
