/* python.exe of a virtual environment: starts the Python that pyvenv.cfg names, as the launcher
   in Windows' own installation does, which no package brings. */
#include <stdio.h>
#include <wchar.h>
#include <windows.h>

int wmain(void) {
  wchar_t own[1024], cfg[1024], home[1024] = L"", line[1024], *mark;
  GetModuleFileNameW(NULL, own, 1024);
  wcscpy(cfg, own);
  *wcsrchr(cfg, L'\\') = 0;
  *wcsrchr(cfg, L'\\') = 0;
  wcscat(cfg, L"\\pyvenv.cfg");
  FILE *file = _wfopen(cfg, L"r, ccs=UTF-8");
  if (!file) return 103;
  while (fgetws(line, 1024, file)) {
    if (wcsncmp(line, L"home = ", 7) == 0) {
      wcscpy(home, line + 7);
      if ((mark = wcspbrk(home, L"\r\n"))) *mark = 0;
    }
  }
  fclose(file);
  wcscat(home, L"\\python.exe");
  SetEnvironmentVariableW(L"__PYVENV_LAUNCHER__", own);
  STARTUPINFOW start = {sizeof start};
  PROCESS_INFORMATION child;
  GetStartupInfoW(&start);
  if (!CreateProcessW(home, GetCommandLineW(), NULL, NULL, TRUE, 0, NULL, NULL, &start, &child))
    return 101;
  HANDLE job = CreateJobObjectW(NULL, NULL);
  JOBOBJECT_EXTENDED_LIMIT_INFORMATION limits = {0};
  limits.BasicLimitInformation.LimitFlags =
      JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE | JOB_OBJECT_LIMIT_SILENT_BREAKAWAY_OK;
  SetInformationJobObject(job, JobObjectExtendedLimitInformation, &limits, sizeof limits);
  AssignProcessToJobObject(job, child.hProcess);
  WaitForSingleObject(child.hProcess, INFINITE);
  DWORD code;
  GetExitCodeProcess(child.hProcess, &code);
  return code;
}
