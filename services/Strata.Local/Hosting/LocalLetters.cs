using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Strata.Console;
using Strata.Streaming.Connecting;
using Strata.Streaming.Inspection;

namespace Strata.Local.Hosting;

/// <summary>Dead letters for the page, by what the command line holds them by too.</summary>
internal sealed class LocalLetters(LetterDesk desk) : IConsoleLetters
{
    /// <summary>At the broker of a system.</summary>
    public static LocalLetters Of(WebApplication app)
    {
        var client = ClientSettings.Of(app.Services.GetRequiredService<IOptions<StreamingOptions>>().Value.BootstrapServers, null)
            .ToDictionary(StringComparer.Ordinal);
        foreach (var setting in app.Configuration.GetSection("Streaming:Client").GetChildren().Where(setting => setting.Value is not null))
        {
            client[setting.Key] = setting.Value!;
        }

        return new LocalLetters(new LetterDesk(new LetterBox(client)));
    }

    public async Task<IReadOnlyList<object>> ListAsync(CancellationToken cancellationToken)
        => [.. (await desk.ReadAsync(null, cancellationToken)).Select(letter => LetterView.Of(letter, whole: false))];

    public async Task<object> ShowAsync(string id, CancellationToken cancellationToken)
        => LetterView.Of(await desk.FindAsync(id, cancellationToken), whole: true);

    public async Task<int> ResendAsync(string? id, string? message, CancellationToken cancellationToken)
    {
        var letters = await FindAsync(id, cancellationToken);
        foreach (var letter in letters)
        {
            await desk.ResendAsync(letter, id is null ? null : message);
        }

        return letters.Count;
    }

    public async Task<int> DiscardAsync(string? id, CancellationToken cancellationToken)
    {
        var letters = await FindAsync(id, cancellationToken);
        foreach (var letter in letters)
        {
            await desk.DiscardAsync(letter);
        }

        return letters.Count;
    }

    private async Task<IReadOnlyList<StoredLetter>> FindAsync(string? id, CancellationToken cancellationToken)
        => id is null ? await desk.OpenAsync(null, cancellationToken) : [await desk.FindAsync(id, cancellationToken)];
}
