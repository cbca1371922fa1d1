using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Grpc.Core;
using Strata.Contracts;
using Strata.Contracts.Events.V1;
using Strata.Contracts.Ingestion.V1;
using Strata.Streaming.Publishing;

namespace Strata.Ingestion.Tests.Lines;

[Trait("height", "harness")]
public sealed class EventLinesTests
{
    private const string Type = "application/x-ndjson";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Lines_SomeBad_AreEachAnsweredInTheirPlace()
    {
        await using var app = await IngestionApp.StartAsync();
        app.Publisher.Acknowledge = (_, key, _) => key == "away"
            ? throw new PublishException("timed out") { Transient = true }
            : Task.CompletedTask;

        var (status, answers) = await PostAsync(app, $$"""
            {{Search("ann")}}
            {"userId":"bob","kind":"LOOK"}

            {"userId":
            {{Search("away")}}
            {{Search("")}}
            {{Search("cleo")}}
            """);

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(
            [
                (0UL, 0, ""),
                (1UL, (int)StatusCode.InvalidArgument, "event.kind"),
                (3UL, (int)StatusCode.InvalidArgument, "event"),
                (4UL, (int)StatusCode.Unavailable, ""),
                (5UL, (int)StatusCode.InvalidArgument, "event.user_id"),
                (6UL, 0, ""),
            ],
            answers.Select(answer => (answer.Index, answer.Rejected?.Code ?? 0, answer.Rejected?.Field ?? "")));
        Assert.Contains("is not one of VIEW, CLICK", answers[1].Rejected.Message, StringComparison.Ordinal);
        Assert.NotEmpty(answers[5].Accepted.AsOf);
        Assert.Equal(["ann", "cleo"], app.Publisher.Of<UserEvent>(Topics.Events).Select(sent => sent.UserId));
    }

    [Fact]
    public async Task Lines_MoreThanMayBeUnderWay_AreAllAnsweredInTheirOrder()
    {
        await using var app = await IngestionApp.StartAsync(new() { ["Ingestion:Events:MaxInFlight"] = "10" });

        var (_, answers) = await PostAsync(app, string.Join("\r\n", Enumerable.Range(0, 105).Select(number => Search($"u{number}"))));

        Assert.Equal(Enumerable.Range(0, 105).Select(number => $"e-u{number}"), answers.Select(answer => answer.Accepted.EventId));
    }

    [Fact]
    public async Task Lines_PackedByGzip_AreTaken()
    {
        await using var app = await IngestionApp.StartAsync();

        var (status, answers) = await PostAsync(app, Search("ann"), gzip: true);

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal("e-ann", Assert.Single(answers).Accepted.EventId);
    }

    [Theory]
    [InlineData("", Type, "body")]
    [InlineData("\n \n", Type, "body")]
    [InlineData("{}\n{}\n{}", Type, "body")]
    [InlineData("{}", "application/json", "content-type")]
    [InlineData("{}", "text/plain", "content-type")]
    public async Task Body_OfNoneOrTooManyOrAnotherType_IsRefusedAsAWhole(string body, string type, string field)
    {
        await using var app = await IngestionApp.StartAsync(new() { ["Ingestion:Events:MaxLines"] = "2" });

        var answer = await app.PostAsync("/v1/events:batch", body, type);

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Equal([field], answer.Fields);
        Assert.Empty(app.Publisher.Messages);
    }

    [Fact]
    public async Task Body_AboveTheLimit_IsRefusedWithTheLimit()
    {
        await using var app = await IngestionApp.StartAsync(new() { ["Calls:MaxMessageBytes"] = "1024" });

        var answer = await app.PostAsync("/v1/events:batch", string.Join('\n', Enumerable.Repeat(Search("ann"), 40)), Type);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.Status);
        Assert.Contains("1024 bytes", answer.Message, StringComparison.Ordinal);
    }

    private static async Task<(HttpStatusCode Status, List<PublishEventsResponse> Answers)> PostAsync(
        IngestionApp app, string lines, bool gzip = false)
    {
        using var content = new ByteArrayContent(gzip ? Gzip(lines) : Encoding.UTF8.GetBytes(lines));
        content.Headers.ContentType = new MediaTypeHeaderValue(Type);
        if (gzip)
        {
            content.Headers.ContentEncoding.Add("gzip");
        }

        using var answer = await app.Http.PostAsync("/v1/events:batch", content, Cancel);
        var text = await answer.Content.ReadAsStringAsync(Cancel);
        Assert.Equal(Type, answer.Content.Headers.ContentType!.MediaType);
        Assert.EndsWith("\n", text, StringComparison.Ordinal);
        return (answer.StatusCode, [.. text.TrimEnd('\n').Split('\n').Select(PublishEventsResponse.Parser.ParseJson)]);
    }

    private static byte[] Gzip(string text)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
        {
            gzip.Write(Encoding.UTF8.GetBytes(text));
        }

        return packed.ToArray();
    }

    private static string Search(string user) => $$"""{"eventId":"e-{{user}}","userId":"{{user}}","kind":"search","query":"a tent"}""";
}
