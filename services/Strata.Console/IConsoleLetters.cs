namespace Strata.Console;

/// <summary>Dead letters as the page holds them. A <see cref="TimeoutException"/> says that the broker does not answer, an
/// <see cref="InvalidDataException"/> that there is no such letter or that what is to be sent is no such message.</summary>
public interface IConsoleLetters
{
    /// <summary>All letters, one line of each, as JSON will have it.</summary>
    Task<IReadOnlyList<object>> ListAsync(CancellationToken cancellationToken);

    /// <summary>All of one letter.</summary>
    Task<object> ShowAsync(string id, CancellationToken cancellationToken);

    /// <summary>Sends records again; returns how many.</summary>
    /// <param name="id">The letter; null: each that nothing was done about yet.</param>
    /// <param name="message">The message as JSON in place of the original bytes; null: those.</param>
    /// <param name="cancellationToken">Ends it.</param>
    Task<int> ResendAsync(string? id, string? message, CancellationToken cancellationToken);

    /// <summary>Gives letters up; returns how many.</summary>
    Task<int> DiscardAsync(string? id, CancellationToken cancellationToken);
}
