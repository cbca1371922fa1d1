using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Strata.Cli.Doctor.Core;
using Strata.Contracts;
using Strata.ServiceDefaults.Settings;

namespace Strata.Cli.Doctor;

/// <summary>Asks a running service how it is and what it is set to.</summary>
internal static class ServiceExam
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly JsonSerializerOptions Web = new(JsonSerializerDefaults.Web);

    /// <summary>What <c>/health</c> and <c>/settings</c> say.</summary>
    public static async Task<ServiceFacts> LookAsync(Uri address, CancellationToken cancellationToken)
    {
        using var http = Client(address);
        try
        {
            using var answer = await http.GetAsync("health", cancellationToken);
            using var body = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(cancellationToken));
            var health = body.RootElement;
            var complaints = health.GetProperty("checks").EnumerateObject()
                .Where(check => check.Value.GetProperty("status").GetString() != "Healthy")
                .ToDictionary(check => check.Name, check => check.Value.GetProperty("description").GetString() ?? "");
            return new ServiceFacts(
                address,
                null,
                health.GetProperty("status").GetString()!,
                $"{health.GetProperty("version").GetString()} ({health.GetProperty("commit").GetString()})",
                complaints,
                answer.Headers.Date,
                await TrySettingsAsync(http, cancellationToken));
        }
        catch (Exception fault) when (fault is HttpRequestException or JsonException or KeyNotFoundException
            || (fault is TaskCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return new ServiceFacts(address, new Silence($"no service answers at {address}: {fault.Message}", Refused: false));
        }
    }

    /// <summary>Every setting in force.</summary>
    /// <exception cref="HttpRequestException">Nobody answers, or the caller may not read them.</exception>
    public static async Task<IReadOnlyList<SettingInForce>> SettingsAsync(Uri address, CancellationToken cancellationToken)
    {
        using var http = Client(address);
        return await SettingsAsync(http, cancellationToken);
    }

    private static async Task<IReadOnlyDictionary<string, string>?> TrySettingsAsync(HttpClient http, CancellationToken cancellationToken)
    {
        try
        {
            return (await SettingsAsync(http, cancellationToken)).ToDictionary(setting => setting.Key, setting => setting.Value);
        }
        catch (HttpRequestException fault) when (fault.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden)
        {
            return null; // without a key of scope operate
        }
    }

    private static async Task<IReadOnlyList<SettingInForce>> SettingsAsync(HttpClient http, CancellationToken cancellationToken)
    {
        using var answer = await http.GetAsync("settings", cancellationToken);
        answer.EnsureSuccessStatusCode();
        return JsonSerializer.Deserialize<List<SettingInForce>>(await answer.Content.ReadAsStringAsync(cancellationToken), Web)!;
    }

    private static HttpClient Client(Uri address)
    {
        var http = new HttpClient { BaseAddress = address, Timeout = Patience };
        if (CallerKey.FromEnvironment is { } key)
        {
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        }

        return http;
    }
}
