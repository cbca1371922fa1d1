using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Strata.Ingestion.Tests;

/// <summary>An answer over JSON.</summary>
public sealed record JsonAnswer(HttpStatusCode Status, JsonElement Body)
{
    public int Code => Body.GetProperty("code").GetInt32();

    public string Message => Body.GetProperty("message").GetString()!;

    /// <summary>Fields of the violations in the details.</summary>
    public IReadOnlyList<string> Fields =>
        [
            .. Body.GetProperty("details")
                .EnumerateArray()
                .SelectMany(d => d.GetProperty("fieldViolations").EnumerateArray())
                .Select(v => v.GetProperty("field").GetString()!),
        ];
}

/// <summary>Calls over JSON.</summary>
public static class JsonCalls
{
    public static async Task<JsonAnswer> PostAsync(this IngestionApp app, string path, string body, string contentType = "application/json")
    {
        using var content = new StringContent(body, Encoding.UTF8);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType);
        using var answer = await app.Http.PostAsync(path, content, TestContext.Current.CancellationToken);
        return await ReadAsync(answer);
    }

    public static async Task<JsonAnswer> DeleteAsync(this IngestionApp app, string path)
    {
        using var answer = await app.Http.DeleteAsync(path, TestContext.Current.CancellationToken);
        return await ReadAsync(answer);
    }

    private static async Task<JsonAnswer> ReadAsync(HttpResponseMessage answer)
    {
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return new JsonAnswer(answer.StatusCode, JsonDocument.Parse(text).RootElement);
    }
}
