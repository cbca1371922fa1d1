using System.Net;
using System.Net.ServerSentEvents;
using System.Text.Json;
using Grpc.Core;
using Strata.Contracts.Ranking.V1;

namespace Strata.Local.Tests.Calls;

/// <summary>What a page asks for, over gRPC and JSON, on a running system.</summary>
[Trait("height", "embedded")]
public sealed class CallsTests(CallsShop shop) : IClassFixture<CallsShop>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Item_PutHidden_LeavesTheNextSlateAndCarriesWhatWasPutBefore()
    {
        var shown = (await shop.SlateAsync()).Items.Single(item => item.ItemId == "lamp-3");
        await shop.PutAsync([CallsShop.Lamp(3, hidden: true)]);

        await CallsShop.UntilAsync(async () => (await shop.SlateAsync()).Items.All(item => item.ItemId != "lamp-3"));

        var put = CallsShop.Lamp(3);
        Assert.Equal((put.Price, put.Availability, put.PictureUrl), (shown.Price, shown.Availability, shown.PictureUrl));
        Assert.Equal((put.Attributes, put.Categories), (shown.Attributes, shown.Categories));
    }

    [Fact]
    public async Task Recommend_SessionAndFilterOverJson_NeedsNoUserAndKeepsToIt()
    {
        var answer = await shop.PostAsync<RecommendResponse>(
            "v1/recommendations",
            """
            {"contextItemIds":["lamp-1"],"count":20,"explain":"none",
            "filter":{"categories":["lamps"],"maxPrice":45,"availability":["in_stock"],"attributes":[{"name":"colour","anyOf":["brass"]}]}}
            """);

        Assert.NotEmpty(answer.Items);
        Assert.All(answer.Items, item => Assert.True(
            item.Categories.Contains("Lamps") && item.Price.Amount <= 45 && item.Attributes["colour"] == "brass" && item.Reason is null));
        Assert.DoesNotContain(answer.Items, item => item.ItemId == "lamp-1");
    }

    [Fact]
    public async Task Similar_OverJsonAndGrpc_AreOfTheSameKindAndTheSame()
    {
        var json = await shop.GetAsync<SimilarResponse>("v1/items/lamp-1/similar?count=5&by=text");
        var grpc = await shop.Ranking.SimilarAsync(
            new SimilarRequest { ItemId = "lamp-1", Count = 5, By = Likeness.Text }, cancellationToken: Cancel);
        var several = await shop.PostAsync<SimilarResponse>(
            "v1/similar", """{"itemIds":["lamp-1","kettle-1"],"filter":{"categories":["kettles"]}}""");

        Assert.Equal(5, json.Items.Count(found => found.Item.ItemId.StartsWith("lamp", StringComparison.Ordinal)));
        Assert.Equal(grpc.Items, json.Items);
        Assert.All(several.Items, found => Assert.StartsWith("kettle", found.Item.ItemId, StringComparison.Ordinal));
    }

    [Fact]
    public async Task ExplainNot_OverJson_NamesTheFilter()
    {
        var answer = await shop.PostAsync<ExplainNotResponse>(
            "v1/users/ann/why-not/kettle-1", """{"slate":{"filter":{"categories":["lamps"]}}}""");
        var unknown = await shop.GetAsync<ExplainNotResponse>("v1/users/ann/why-not/nothing");

        Assert.Equal(ExplainNotResponse.Types.Obstacle.Filtered, answer.Obstacle);
        Assert.Equal(ExplainNotResponse.Types.Obstacle.NotAlive, unknown.Obstacle);
    }

    [Fact]
    public async Task Search_OverJsonAndGrpc_FindsByWordsAndMeaningAndCountsLayers()
    {
        var json = await shop.GetAsync<SearchResponse>("v1/search?query=kettle%20for%20the%20stove&count=5");
        var grpc = await shop.Ranking.SearchAsync(
            new SearchRequest { Query = "kettle for the stove", Count = 5 }, cancellationToken: Cancel);
        var meaning = await shop.PostAsync<SearchResponse>(
            "v1/search", """{"query":"something to boil tea in","count":1,"userId":"ann","filter":{"categories":["home"]}}""");

        Assert.Equal(5, json.Items.Count(item => item.ItemId.StartsWith("kettle", StringComparison.Ordinal)));
        Assert.Equal(grpc.Items, json.Items);
        Assert.StartsWith("kettle", Assert.Single(meaning.Items).ItemId, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Recommend_QueryWithoutAUser_IsAnsweredAsASearchIs()
    {
        var slate = await shop.PostAsync<RecommendResponse>("v1/recommendations", """{"query":"water kettle","count":5}""");

        Assert.All(slate.Items, item => Assert.StartsWith("kettle", item.ItemId, StringComparison.Ordinal));
        Assert.Contains(slate.Items, item => item.Reason.BecauseOf.Contains("query: water kettle"));
        Assert.DoesNotContain("query-unread", slate.Degraded);
    }

    [Fact]
    public async Task Reason_OverJsonAndGrpc_IsInTheLanguageAskedFor()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "v1/search?query=water%20kettle&count=1");
        request.Headers.AcceptLanguage.ParseAdd("pt, fr;q=0.8, en;q=0.2");
        using var answer = await shop.Http.SendAsync(request, Cancel);
        var json = SearchResponse.Parser.ParseJson(await answer.Content.ReadAsStringAsync(Cancel));
        var grpc = await shop.Ranking.ExplainNotAsync(
            new ExplainNotRequest { UserId = "ann", ItemId = "nothing" },
            new Metadata { { "accept-language", "ja" } },
            cancellationToken: Cancel);

        Assert.StartsWith("Répond à « water kettle »", Assert.Single(json.Items).Reason.Text, StringComparison.Ordinal);
        Assert.Equal("カタログにありません", grpc.Text);
    }

    [Fact]
    public async Task RecommendMany_OverGrpcAndJson_AnswersEachUserInTheirOrder()
    {
        var request = new RecommendManyRequest { UserIds = { "ann", "bob", "cleo" }, Slate = new RecommendRequest { Count = 3 } };
        using var call = shop.Ranking.RecommendMany(request, cancellationToken: Cancel);
        var grpc = await call.ResponseStream.ReadAllAsync(Cancel).ToListAsync(Cancel);
        var lines = (await shop.PostAsync("v1/recommendations/many", """{"userIds":["ann","bob"],"slate":{"count":2,"explain":"none"}}"""))
            .Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(RecommendManyResponse.Parser.ParseJson).ToList();

        Assert.Equal(["ann", "bob", "cleo"], grpc.Select(answer => answer.UserId));
        Assert.All(grpc, answer => Assert.Equal(3, answer.Slate.Items.Count));
        Assert.Equal(["ann", "bob"], lines.Select(answer => answer.UserId));
        Assert.All(lines, answer => Assert.Equal(2, answer.Slate.Items.Count));
    }

    [Fact]
    public async Task Suggest_OverJsonAndGrpc_HasTitlesAndWhatEnoughUsersSearched()
    {
        await CallsShop.UntilAsync(async () => (await SuggestAsync("READ bra")).Suggestions.Count > 0);
        await shop.SearchAsync("brass nothing", "ann", "bob", "cleo", "dan");
        await shop.SearchAsync("Brass  Candlestick", "ann", "bob", "cleo", "dan", "eve");
        await CallsShop.UntilAsync(async () => (await SuggestAsync("brass")).Suggestions.Any(one => one.Text == "brass candlestick"));

        var json = await SuggestAsync("brass");
        var grpc = await shop.Ranking.SuggestAsync(new SuggestRequest { Prefix = "brass" }, cancellationToken: Cancel);

        Assert.Equal(
            grpc.Suggestions.Select(one => (one.Kind, one.Text, one.ItemId)).Order(),
            json.Suggestions.Select(one => (one.Kind, one.Text, one.ItemId)).Order());
        Assert.Equal(Suggestion.Types.Kind.Query, json.Suggestions.Single(one => one.Text == "brass candlestick").Kind);
        Assert.Equal(7, json.Suggestions.Count(one => one.ItemId.StartsWith("lamp", StringComparison.Ordinal)));
        Assert.Empty((await SuggestAsync("brass nothing")).Suggestions);

        Task<SuggestResponse> SuggestAsync(string typed)
            => shop.GetAsync<SuggestResponse>($"v1/suggestions?prefix={Uri.EscapeDataString(typed)}");
    }

    [Fact]
    public async Task RecommendStream_OverGrpcAndEvents_SendsTheSlateAndThenWhatAClickChanged()
    {
        using var grpc = shop.Ranking.RecommendStream(
            new RecommendRequest { UserId = "sue", Count = 5, Explain = ExplainLevel.None }, cancellationToken: Cancel);
        using var request = new HttpRequestMessage(HttpMethod.Get, "v1/users/sue/recommendations/stream?count=5&explain=none");
        request.Headers.Accept.ParseAdd("text/event-stream");
        using var http = await shop.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancel);
        var events = SseParser.Create(await http.Content.ReadAsStreamAsync(Cancel)).EnumerateAsync(Cancel).GetAsyncEnumerator(Cancel);
        var first = await NextAsync();
        Assert.True(await grpc.ResponseStream.MoveNext(Cancel));
        var chosen = first.Slate.Items[0].ItemId;

        await shop.ClickAsync("sue", chosen);
        RecommendStreamResponse second;
        do
        {
            second = await NextAsync();
        }
        while (!second.Left.Contains(chosen));
        while (!grpc.ResponseStream.Current.Left.Contains(chosen))
        {
            Assert.True(await grpc.ResponseStream.MoveNext(Cancel));
        }

        Assert.Equal("text/event-stream", http.Content.Headers.ContentType?.MediaType);
        Assert.Equal(first.Slate.Items.Select(item => item.ItemId), first.Entered);
        Assert.DoesNotContain(second.Slate.Items, item => item.ItemId == chosen);
        Assert.NotEmpty(second.Entered);

        async Task<RecommendStreamResponse> NextAsync()
        {
            Assert.True(await events.MoveNextAsync());
            return RecommendStreamResponse.Parser.ParseJson(events.Current.Data);
        }
    }

    [Fact]
    public async Task RecommendStream_RefusedAsEvents_IsPlainJson()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "v1/users/sue/recommendations/stream?count=101");
        request.Headers.Accept.ParseAdd("text/event-stream");
        using var answer = await shop.Http.SendAsync(request, Cancel);
        using var body = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Cancel));

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal("application/json", answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal((int)StatusCode.InvalidArgument, body.RootElement.GetProperty("code").GetInt32());
    }

    [Fact]
    public async Task Recommend_DiversityOverJson_MixesLampsAndKettles()
    {
        var slate = await shop.GetAsync<RecommendResponse>("v1/users/nobody-yet/recommendations?count=6&diversity=1");
        using var refused = await shop.Http.GetAsync(new Uri("v1/users/ann/recommendations?diversity=1.5", UriKind.Relative), Cancel);

        Assert.Equal(2, slate.Items.Take(2).Select(item => item.ItemId.Split('-')[0]).Distinct().Count());
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Contains("\"diversity\"", await refused.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Recommend_PlacementWithRules_KeepsToThemAndNamesThem()
    {
        var slate = await shop.GetAsync<RecommendResponse>("v1/users/nobody-yet/recommendations?count=20&placement=lamp-page");
        var not = await shop.PostAsync<ExplainNotResponse>(
            "v1/users/nobody-yet/why-not/" + (slate.Items.Any(item => item.ItemId == "kettle-1") ? "kettle-2" : "kettle-1"),
            """{"slate":{"count":20,"placement":"lamp-page"}}""");

        Assert.All(slate.Items.Take(3), item => Assert.Equal(("brass", "brass"), (item.Attributes["colour"], Assert.Single(item.Rules))));
        Assert.Single(slate.Items, item => item.ItemId.StartsWith("kettle", StringComparison.Ordinal));
        Assert.Equal(["brass", "one-kettle"], slate.Rules);
        Assert.Equal((ExplainNotResponse.Types.Obstacle.Ruled, "one-kettle"), (not.Obstacle, not.Rule));
    }

    [Fact]
    public async Task OpenApi_HoldsEveryCallOnce()
    {
        using var document = JsonDocument.Parse(await shop.Http.GetStringAsync(new Uri("openapi/v1.json", UriKind.Relative), Cancel));
        var operations = document.RootElement.GetProperty("paths").EnumerateObject()
            .SelectMany(path => path.Value.EnumerateObject())
            .Select(operation => operation.Value.GetProperty("operationId").GetString()!)
            .ToList();

        var stream = document.RootElement.GetProperty("paths").GetProperty("/v1/users/{user_id}/recommendations/stream").GetProperty("get");

        Assert.Equal(operations.Distinct(), operations);
        Assert.True(stream.GetProperty("responses").GetProperty("200").GetProperty("content").TryGetProperty("text/event-stream", out _));
        Assert.Superset(
            new HashSet<string>
            {
                "Ranking_Recommend_POST_2", "Ranking_Similar", "Ranking_ExplainNot", "Ranking_Search", "Ranking_Suggest",
                "Ranking_RecommendStream",
            },
            operations.ToHashSet());
    }
}
