namespace Strata.Console;

/// <summary>Dead letters as the page holds them. A <see cref="TimeoutException"/> says that the broker does not answer, an
/// <see cref="InvalidDataException"/> that there is no such letter or that what is to be sent is no such message.</summary>
public interface IConsoleLetters
{
    /// <summary>The newest letters, one line of each, as JSON will have it.</summary>
    Task<IReadOnlyList<object>> ListAsync(CancellationToken cancellationToken);

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
