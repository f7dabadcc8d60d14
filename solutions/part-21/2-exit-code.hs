-- | Haskell client 2.0, whose exit code tells whether a poem failed.
module Main (main) where

import Control.Exception (IOException, finally, handle, throwIO, try)
import Control.Monad (unless, when, zipWithM)
import qualified Data.ByteString.Lazy.Char8 as L
import Data.Char (isDigit)
import GHC.IO.Exception (ioe_description)
import Network.Socket
import System.Environment (getArgs, getProgName)
import System.Exit (die, exitFailure)
import System.IO

type Address = (HostName, ServiceName)
type Poem = L.ByteString

parseAddress :: String -> IO Address
parseAddress text
    | null port || not (all isDigit port) = die "Ports must be integers."
    | read port > (65535 :: Integer) = die "Ports must be between 0 and 65535."
    | otherwise = return (host, port)
  where
    (host, port) = case break (== ':') text of
        (before, ':' : after) -> (before, after)
        (before, _) -> ("localhost", before)

connectTo :: Address -> IO Handle
connectTo (host, port) = do
    let hints = defaultHints{addrFamily = AF_INET, addrSocketType = Stream}
    server : _ <- getAddrInfo (Just hints) (Just host) (Just port)
    sock <- openSocket server
    connect sock (addrAddress server)
    socketToHandle sock ReadMode

getPoetry :: Address -> IO (Either IOException Poem)
getPoetry address = try $ do
    h <- connectTo address
    L.hGetContents h

-- | Print a poem while it comes, and say whether all of it did.
printPoem :: Address -> Either IOException Poem -> IO Bool
printPoem address = handle (poemFailed address) . either throwIO printAll
  where
    printAll poem = do
        L.putStr poem `finally` putStrLn ""
        return True

poemFailed :: Address -> IOException -> IO Bool
poemFailed (host, port) err = do
    hPutStrLn stderr $
        "Poem failed: " ++ host ++ ":" ++ port ++ ": " ++ ioe_description err
    return False

main :: IO ()
main = do
    -- what is printed goes out at once, also into a pipe or a file
    hSetBuffering stdout LineBuffering
    name <- getProgName
    args <- getArgs
    when (null args) $ putStrLn ("usage: " ++ name ++ " [host:]port ...")
    addresses <- mapM parseAddress args
    -- connects to all servers before the first poem is read
    poems <- mapM getPoetry addresses
    -- all of them are printed before we ask whether all went well
    printed <- zipWithM printPoem addresses poems
    unless (and printed) exitFailure
