namespace Strata.Console;

/// <summary>Dead letters as the page holds them. A <see cref="TimeoutException"/> says that the broker does not answer, an
/// <see cref="InvalidDataException"/> that there is no such letter or that what is to be sent is no such message.</summary>
public interface IConsoleLetters
{
    /// <summary>The newest letters.</summary>
    /// <param name="known">The state that the page has; 0: none.</param>
    /// <param name="cancellationToken">Ends it.</param>
    Task<ConsoleLetterList> ListAsync(long known, CancellationToken cancellationToken);

    /// <summary>All of one letter.</summary>
    Task<object> ShowAsync(string id, CancellationToken cancellationToken);

    /// <summary>Sends records again; returns how many.</summary>
    /// <param name="ids">The letters.</param>
    /// <param name="message">The message as JSON in place of the original bytes; null: those.</param>
    /// <param name="cancellationToken">Ends it.</param>
    Task<int> ResendAsync(IReadOnlyList<string> ids, string? message, CancellationToken cancellationToken);

    /// <summary>Gives letters up; returns how many.</summary>
    Task<int> DiscardAsync(IReadOnlyList<string> ids, CancellationToken cancellationToken);
}

/// <summary>Dead letters as the page lists them.</summary>
/// <param name="Version">Which state of them this is; never 0.</param>
/// <param name="Letters">One line of each, as JSON will have it; null: as in the state that is known.</param>
public sealed record ConsoleLetterList(long Version, IReadOnlyList<object>? Letters);
