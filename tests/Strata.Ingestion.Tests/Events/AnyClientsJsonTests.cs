using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Strata.Contracts.Catalog.V1;
using Strata.Contracts.Events.V1;
using Strata.Contracts.Ingestion.V1;

namespace Strata.Ingestion.Tests.Events;

/// <summary>What clients of all kinds send over JSON: taken as it was meant, or refused with the field and what to do.</summary>
[Trait("height", "harness")]
public sealed class AnyClientsJsonTests : IAsyncLifetime
{
    private IngestionApp _app = null!;

    public async ValueTask InitializeAsync()
    {
        _app = await IngestionApp.StartAsync();
        await _app.Grpc.PutItemsAsync(new PutItemsRequest { Items = { new Item { ItemId = "known", Title = "Known" } } });
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    [Theory]
    [InlineData("""{"userId":"u","kind":"CLICK","itemId":"known"}""")]
    [InlineData("""{"userId":"u","kind":"click","itemId":"known"}""")]
    [InlineData("""{"userId":"u","kind":"event_kind_click","itemId":"known"}""")]
    [InlineData("""{"userId":"u","kind":2,"itemId":"known"}""")]
    [InlineData("""{"userId":"u","kind":"2","itemId":"known","query":null}""")]
    [InlineData("""{"userId":"u","kind":"purchase","itemId":"known","quantity":"3"}""")]
    [InlineData("""{"userId":"u","kind":"purchase","itemId":"known","quantity":3.0}""")]
    [InlineData("""{"userId":"u","kind":"purchase","itemId":"known","quantity":3,"price":".5"}""")]
    [InlineData("""{"userId":"u","kind":"purchase","itemId":"known","quantity":3,"price":"+2."}""")]
    [InlineData("""{"userId":"u","kind":"click","itemId":"known","requestId":"r","position":"3"}""")]
    [InlineData("""{"userId":"u","kind":"click","itemId":"known","eventTime":"2025-03-01t11:59:00.25z"}""")]
    [InlineData("""{"userId":"u","kind":"click","itemId":"known","eventTime":"2025-03-01T11:59:00-00:00"}""")]
    [InlineData("""{"userId":"u","kind":"click","itemId":"known","eventTime":"2025-03-01T13:59:00+02:00"}""")]
    public async Task PublishEvent_AnyFormOfTheMapping_IsTaken(string json)
    {
        var answer = await _app.PostAsync("/v1/events", json);

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        var sent = (UserEvent)_app.Publisher.Messages[^1].Value!;
        Assert.Equal(("u", "known"), (sent.UserId, sent.ItemId));
        Assert.Equal(json.Contains("quantity", StringComparison.Ordinal) ? 3 : 0, sent.Quantity);
        Assert.True(sent.Kind is EventKind.Click or EventKind.Purchase);
    }

    // Where no JSON call is, gRPC answered 200 without a body.
    [Theory]
    [InlineData("/v1/nothing")]
    [InlineData("/v1/events")]
    public async Task Post_WithTheContentTypeOfGrpc_IsRefusedInWords(string path)
    {
        var answer = await _app.PostAsync(path, "{}", "application/grpc");

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Equal(["content-type"], answer.Fields);
        Assert.Contains("application/json", answer.Message, StringComparison.Ordinal);
    }

    // Standard and URL-safe, padded or not: the mapping allows all four.
    [Theory]
    [InlineData("/+8=", 255, 239)]
    [InlineData("/+8", 255, 239)]
    [InlineData("_-8=", 255, 239)]
    [InlineData("_-8", 255, 239)]
    public async Task PutItems_BytesInAnyFormOfTheMapping_AreTaken(string text, byte first, byte second)
    {
        var answer = await _app.PostAsync("/v1/items", $$"""{"items":[{"itemId":"i","title":"t","pictures":["{{text}}"]}]}""");

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal([first, second], ((Item)_app.Publisher.Messages[^1].Value!).Pictures.Single());
    }

    [Theory]
    [InlineData("\"-Infinity\"")]
    [InlineData("\"a b c\"")]
    [InlineData("\"é\"")]
    [InlineData("7")]
    public async Task PutItems_BytesThatAreNone_IsRefusedWithTheField(string json)
    {
        var answer = await _app.PostAsync("/v1/items", $$"""{"items":[{"itemId":"i","title":"t","pictures":[{{json}}]}]}""");

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Equal(["items[0].pictures[0]"], answer.Fields);
    }

    [Fact]
    public async Task PublishEvent_ByteOrderMark_IsTaken()
    {
        using var content = new ByteArrayContent(
            [.. Encoding.UTF8.Preamble, .. """{"userId":"u","kind":"CLICK","itemId":"known"}"""u8]);
        content.Headers.ContentType = new("application/json");

        using var answer = await _app.Http.PostAsync("/v1/events", content, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task PublishEvent_Gzip_IsTakenWithinTheLimitOfWhatIsInside()
    {
        using var event_ = Gzip("""{"userId":"u","kind":"CLICK","itemId":"known"}""");
        using var bomb = Gzip($$"""{"userId":"u","kind":"SEARCH","query":"{{new string('x', 8 * 1024 * 1024)}}"}""");

        using var taken = await _app.Http.PostAsync("/v1/events", event_, TestContext.Current.CancellationToken);
        using var refused = await _app.Http.PostAsync("/v1/events", bomb, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, taken.StatusCode);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, refused.StatusCode);

        static ByteArrayContent Gzip(string json)
        {
            using var packed = new MemoryStream();
            using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
            {
                gzip.Write(Encoding.UTF8.GetBytes(json));
            }

            var content = new ByteArrayContent(packed.ToArray());
            content.Headers.ContentEncoding.Add("gzip");
            content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            return content;
        }
    }

    [Theory]
    [InlineData("""{"userId":"u","userId":"v","kind":"CLICK","itemId":"known"}""", "event.user_id", "is set twice")]
    [InlineData("""{"userId":"u","user_id":"u","kind":"CLICK","itemId":"known"}""", "event.user_id", "is set twice")]
    [InlineData("""{"userId":".","kind":"CLICK","itemId":"known"}""", "event.user_id", "send another id")]
    [InlineData("""{"userId":"..","kind":"CLICK","itemId":"known"}""", "event.user_id", "send another id")]
    [InlineData("""{"userId":"u\ufffe","kind":"CLICK","itemId":"known"}""", "event.user_id", "printable")]
    [InlineData("""{"userId":"u","kind":"SEARCH","query":"red \uffff shoes"}""", "event.query", "U+FFFF")]
    [InlineData("""{"userId":"u","kind":"SEARCH","query":"red \ufdd0 shoes"}""", "event.query", "U+FDD0")]
    [InlineData("""{"userId":"u","kind":"CLICK","itemId":"known","eventTime":"2025-02-28"}""", "event.event_time", "RFC 3339")]
    [InlineData("""{"userId":"u","kind":"CLICK","itemId":"known","quantity":"2.5"}""", "event.quantity", "whole number")]
    [InlineData("""{"userId":"u","kind":"CLICK","itemId":"known","quantity":true}""", "event.quantity", "whole number")]
    [InlineData("""{"userId":"u","kind":"CLICK","itemId":"known","price":1e400}""", "event.price", "at most 1.7e308")]
    [InlineData("""{"userId":"u","kind":"CLICK","itemId":"known","dwellSeconds":"1e400"}""", "event.dwell_seconds", "at most 1.7e308")]
    [InlineData("""{"userId":"u","kind":"CLICK","itemId":"known","price":"nan"}""", "event.price", "number")]
    [InlineData("""{"userId":"u","kind":"stare","itemId":"known"}""", "event.kind", "CLICK")]
    public async Task PublishEvent_WhatCannotBeMeant_IsRefusedWithTheFieldAndTheRemedy(string json, string field, string remedy)
    {
        var answer = await _app.PostAsync("/v1/events", json);

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Equal([field], answer.Fields);
        Assert.Contains(remedy, answer.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("title")]
    [InlineData("description")]
    [InlineData("group")]
    public async Task PutItems_TextThatIsNoCharacter_NamesTheField(string field)
    {
        var item = new Dictionary<string, string> { ["itemId"] = "i", ["title"] = "t" };
        item[field] = "a\uFFFEb";

        var answer = await _app.PostAsync("/v1/items", JsonSerializer.Serialize(new { items = new[] { item } }));

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Equal([$"items[0].{field}"], answer.Fields);
    }

    [Theory]
    [InlineData("tags")]
    [InlineData("categories")]
    public async Task PutItems_WordThatIsNoCharacter_NamesTheField(string field)
    {
        var answer = await _app.PostAsync(
            "/v1/items", $$"""{"items":[{"itemId":"i","title":"t","{{field}}":["fine","a\ufffeb"]}]}""");

        Assert.Equal([$"items[0].{field}[1]"], answer.Fields);
    }

    [Fact]
    public async Task PutItems_IdLikeAKeyOfOurOwn_IsRefused()
    {
        var answer = await _app.PostAsync("/v1/items", """{"items":[{"itemId":"marker:5","title":"t"}]}""");

        Assert.Equal(["items[0].item_id"], answer.Fields);
    }

    [Fact]
    public async Task PutItems_NoItems_NamesTheField()
    {
        Assert.Equal(["items"], (await _app.PostAsync("/v1/items", """{"items":null}""")).Fields);
        Assert.Equal(["items[0]"], (await _app.PostAsync("/v1/items", """{"items":[null]}""")).Fields);
    }

    [Theory]
    [InlineData("sku%252F7", "sku%2F7")]
    [InlineData("sku%2F7", "sku/7")]
    [InlineData("caf%C3%A9", "café")]
    [InlineData("a+b%20c", "a+b c")]
    [InlineData("%25", "%")]
    public async Task DeleteItem_AnyId_IsDecodedOnce(string path, string id)
    {
        await _app.Grpc.PutItemsAsync(
            new PutItemsRequest { Items = { new Item { ItemId = id, Title = "t" } } },
            cancellationToken: TestContext.Current.CancellationToken);

        await SendAsync($"DELETE /v1/items/{path} HTTP/1.1");

        Assert.Equal(id, _app.Publisher.Messages[^1].Key);
        Assert.Null(_app.Publisher.Messages[^1].Value);
    }

    [Theory]
    [InlineData("caf%E9", "is not UTF-8")]
    [InlineData("u%ZZ", "%25")]
    [InlineData("u%2", "%25")]
    public async Task DeleteItem_PathThatIsNoText_SaysSo(string path, string remedy)
    {
        var answer = await SendAsync($"DELETE /v1/items/{path} HTTP/1.1");

        Assert.StartsWith("HTTP/1.1 400", answer, StringComparison.Ordinal);
        Assert.Contains("\"item_id\"", answer, StringComparison.Ordinal);
        Assert.Contains(remedy, answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnyCall_LongAddressOrHeaders_AreRefusedInWords()
    {
        var address = await SendAsync($"DELETE /v1/items/{new string('x', 20_000)} HTTP/1.1");
        var headers = await SendAsync($"DELETE /v1/items/known HTTP/1.1\r\nCookie: {new string('x', 40_000)}");

        Assert.StartsWith("HTTP/1.1 414", address, StringComparison.Ordinal);
        Assert.Contains("as a POST", address, StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 431", headers, StringComparison.Ordinal);
        Assert.Contains("\"message\"", headers, StringComparison.Ordinal);
    }

    /// <summary>As it is written: a client of .NET would put paths right.</summary>
    private async Task<string> SendAsync(string lines)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync("127.0.0.1", _app.Http.BaseAddress!.Port, TestContext.Current.CancellationToken);
        await using var stream = socket.GetStream();
        var request = Encoding.ASCII.GetBytes($"{lines}\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        await stream.WriteAsync(request, TestContext.Current.CancellationToken);
        using var reader = new StreamReader(stream);
        return (await reader.ReadToEndAsync(TestContext.Current.CancellationToken)).Replace("\\u0022", "\"", StringComparison.Ordinal);
    }
}
