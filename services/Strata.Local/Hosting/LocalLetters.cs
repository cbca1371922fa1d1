using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Strata.Console;
using Strata.Streaming.Connecting;
using Strata.Streaming.Inspection;

namespace Strata.Local.Hosting;

/// <summary>Dead letters for the page, by what the command line holds them by too.</summary>
internal sealed class LocalLetters(LetterDesk desk, LetterJournal journal) : IConsoleLetters
{
    /// <summary>Letters that the page lists; the command line has all.</summary>
    private const int Listed = 500;

    /// <summary>At the broker of a system.</summary>
    public static LocalLetters Of(WebApplication app)
    {
        var client = ClientSettings.Of(app.Services.GetRequiredService<IOptions<StreamingOptions>>().Value.BootstrapServers, null)
            .ToDictionary(StringComparer.Ordinal);
        foreach (var setting in app.Configuration.GetSection("Streaming:Client").GetChildren().Where(setting => setting.Value is not null))
        {
            client[setting.Key] = setting.Value!;
        }

        var box = new LetterBox(client);
        return new LocalLetters(new LetterDesk(box), new LetterJournal(box, Listed, app.Services.GetRequiredService<TimeProvider>()));
    }

    public async Task<ConsoleLetterList> ListAsync(long known, CancellationToken cancellationToken)
    {
        var (version, letters) = await journal.ReadAsync(cancellationToken);
        return new ConsoleLetterList(version, version == known ? null : letters);
    }

    public async Task<object> ShowAsync(string id, CancellationToken cancellationToken)
        => LetterView.Of(await desk.FindAsync(id, cancellationToken), whole: true);

    public Task<int> ResendAsync(IReadOnlyList<string> ids, string? message, CancellationToken cancellationToken)
        => EachAsync(ids, letter => desk.ResendAsync(letter, message), cancellationToken);

    public Task<int> DiscardAsync(IReadOnlyList<string> ids, CancellationToken cancellationToken)
        => EachAsync(ids, desk.DiscardAsync, cancellationToken);

    // Who has gone away is told nothing, so nothing more is done either.
    private async Task<int> EachAsync(IReadOnlyList<string> ids, Func<StoredLetter, Task> settle, CancellationToken cancellationToken)
    {
        foreach (var letter in await desk.FindAsync(ids, cancellationToken))
        {
            cancellationToken.ThrowIfCancellationRequested();
            await settle(letter);
        }

        return ids.Count;
    }
}
